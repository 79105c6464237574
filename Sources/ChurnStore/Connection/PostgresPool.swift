import ChurnCore
import Logging

/// A bounded number of connections, handed out one caller each; callers wait in turn, for a bounded time.
///
/// One connection is left for writers, so that readers, however many there are, never make a write wait; see
/// ``PostgresConfiguration/reservesWriter``. A pool of one is shared, and writers go first.
final class PostgresPool: Sendable {
    /// The purpose for which a caller wants a connection.
    enum Use { case reading, writing }

    private struct Waiter {
        var id: UInt64
        var use: Use
        var continuation: CheckedContinuation<PostgresConnection, any Error>
    }

    private struct State {
        var idle: [PostgresConnection] = []
        var made = 0
        /// The number of connections that readers have.
        var reading = 0
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
    /// The most connections that readers have at once.
    private let readerLimit: Int

    init(_ configuration: PostgresConfiguration, logger: Logger) throws {
        self.configuration = configuration
        self.readerLimit = max(1, configuration.poolSize - (configuration.reservesWriter ? 1 : 0))
        self.settings = try ConnectionSettings(configuration)
        self.backOff = ConnectionBackOff(cap: configuration.longestBackOff)
        self.logger = logger
    }

    /// Runs `body` on a connection's thread; see ``PostgresConnection/use(_:_:)``.
    func withConnection<Result: Sendable>(
        _ operation: StaticString, for use: Use = .reading,
        _ body: @Sendable (isolated PostgresConnection) async throws -> Result
    ) async throws -> Result {
        let connection = try await self.acquire(for: use)
        defer { self.release(connection, of: use) }
        return try await connection.use(operation, body)
    }

    /// Closes idle connections and those that come back; no one gets one any more.
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

    private func acquire(for use: Use) async throws -> PostgresConnection {
        if let connection = try self.state.withLock({ try self.take(from: &$0, for: use) }) { return connection }
        return try await withThrowingTaskGroup(of: PostgresConnection?.self) { group in
            group.addTask { try await self.queueUp(for: use) }
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
                if got == nil { got = late } else { self.release(late, of: use) }
            }
            if let got, Task.isCancelled {
                self.release(got, of: use)
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

    private func take(from state: inout State, for use: Use) throws -> PostgresConnection? {
        if state.isClosed { throw Self.closed }
        guard self.mayTake(use, state), !state.idle.isEmpty || state.made < self.configuration.poolSize else {
            return nil
        }
        if use == .reading { state.reading += 1 }
        if let connection = state.idle.popLast() { return connection }
        state.made += 1
        return PostgresConnection(
            settings: self.settings, configuration: self.configuration, backOff: self.backOff, logger: self.logger)
    }

    private func mayTake(_ use: Use, _ state: State) -> Bool {
        use == .writing || state.reading < self.readerLimit
    }

    private func queueUp(for use: Use) async throws -> PostgresConnection {
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
                        let connection = try self.take(from: &state, for: use)
                        if connection == nil {
                            state.waiters.append(Waiter(id: id, use: use, continuation: continuation))
                        }
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

    private func release(_ connection: PostgresConnection, of use: Use) {
        let waiter = self.state.withLock { state -> Waiter? in
            if use == .reading { state.reading -= 1 }
            if state.isClosed { return nil }
            let next =
                state.waiters.firstIndex { $0.use == .writing }
                ?? state.waiters.firstIndex { self.mayTake($0.use, state) }
            guard let next else {
                state.idle.append(connection)
                return nil
            }
            let waiter = state.waiters.remove(at: next)
            if waiter.use == .reading { state.reading += 1 }
            return waiter
        }
        waiter?.continuation.resume(returning: connection)
    }
}
