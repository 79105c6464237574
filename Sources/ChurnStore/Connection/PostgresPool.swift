import ChurnCore
import Logging

/// A bounded number of connections, handed out one caller each; callers wait in turn, for a bounded time.
final class PostgresPool: Sendable {
    private struct Waiter {
        var id: UInt64
        var continuation: CheckedContinuation<PostgresConnection, any Error>
    }

    private struct State {
        var idle: [PostgresConnection] = []
        var made = 0
        var waiters: [Waiter] = []
        var nextWaiter: UInt64 = 0
        /// Waiters that gave up before they stood in the queue.
        var gaveUp: Set<UInt64> = []
        var isClosed = false
    }

    private let configuration: PostgresConfiguration
    private let settings: ConnectionSettings
    private let backOff: ConnectionBackOff
    private let logger: Logger
    private let state = Locked(State())

    init(_ configuration: PostgresConfiguration, logger: Logger) throws {
        self.configuration = configuration
        self.settings = try ConnectionSettings(configuration)
        self.backOff = ConnectionBackOff(cap: configuration.longestBackOff)
        self.logger = logger
    }

    /// Runs `body` on a connection's thread; see ``PostgresConnection/use(_:_:)``.
    func withConnection<Result: Sendable>(
        _ operation: StaticString, _ body: @Sendable (isolated PostgresConnection) async throws -> Result
    ) async throws -> Result {
        let connection = try await self.acquire()
        defer { self.release(connection) }
        return try await connection.use(operation, body)
    }

    /// Closes idle connections and those that come back; nobody gets one any more.
    func close() async {
        let (idle, waiters) = self.state.withLock { state in
            state.isClosed = true
            defer {
                state.idle = []
                state.waiters = []
            }
            return (state.idle, state.waiters)
        }
        for waiter in waiters { waiter.continuation.resume(throwing: Self.closed) }
        for connection in idle { await connection.disconnect() }
    }

    private static var closed: ChurnError {
        ChurnError(.storeUnavailable, .fatal, during: "get a connection", advice: "The store was closed.")
    }

    private func acquire() async throws -> PostgresConnection {
        if let connection = try self.state.withLock({ try self.take(from: &$0) }) { return connection }
        return try await withThrowingTaskGroup(of: PostgresConnection?.self) { group in
            group.addTask { try await self.queueUp() }
            group.addTask {
                try? await Task.sleep(for: self.configuration.poolWait)
                return nil
            }
            var got: PostgresConnection?
            do {
                got = try await group.next() ?? nil
            } catch {
                group.cancelAll()
                throw error
            }
            group.cancelAll()
            // A connection may have come in the moment in which the wait ended.
            while let result = await group.nextResult() {
                guard case .success(let late?) = result else { continue }
                if got == nil { got = late } else { self.release(late) }
            }
            if let got, Task.isCancelled {
                self.release(got)
                throw CancellationError()
            }
            guard let got else {
                try Task.checkCancellation()
                throw ChurnError(
                    .storeUnavailable, .retry, during: "get a connection",
                    advice: "All \(self.configuration.poolSize) connections are busy; a larger pool may help.")
            }
            return got
        }
    }

    private func take(from state: inout State) throws -> PostgresConnection? {
        if state.isClosed { throw Self.closed }
        if let connection = state.idle.popLast() { return connection }
        guard state.made < self.configuration.poolSize else { return nil }
        state.made += 1
        return PostgresConnection(
            settings: self.settings, configuration: self.configuration, backOff: self.backOff, logger: self.logger)
    }

    private func queueUp() async throws -> PostgresConnection {
        let id = self.state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        defer { self.state.withLock { _ = $0.gaveUp.remove(id) } }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Result<PostgresConnection?, any Error> = self.state.withLock { state in
                    if state.gaveUp.contains(id) { return .failure(CancellationError()) }
                    do {
                        let connection = try self.take(from: &state)
                        if connection == nil { state.waiters.append(Waiter(id: id, continuation: continuation)) }
                        return .success(connection)
                    } catch {
                        return .failure(error)
                    }
                }
                switch outcome {
                case .success(let connection?): continuation.resume(returning: connection)
                case .success(nil): break
                case .failure(let error): continuation.resume(throwing: error)
                }
            }
        } onCancel: {
            let waiter = self.state.withLock { state -> Waiter? in
                guard let index = state.waiters.firstIndex(where: { $0.id == id }) else {
                    state.gaveUp.insert(id)
                    return nil
                }
                return state.waiters.remove(at: index)
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }

    private func release(_ connection: PostgresConnection) {
        let waiter = self.state.withLock { state -> Waiter? in
            if state.isClosed { return nil }
            if !state.waiters.isEmpty { return state.waiters.removeFirst() }
            state.idle.append(connection)
            return nil
        }
        waiter?.continuation.resume(returning: connection)
    }
}
