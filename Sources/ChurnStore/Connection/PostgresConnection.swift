import ChurnCore
import Logging

/// One connection to PostgreSQL on a thread of its own, made when it is first needed and again after it was lost.
///
/// Used by one caller at a time, for as long as its ``use(_:_:)`` lasts; the pool sees to that.
actor PostgresConnection {
    private let executor: DedicatedThreadExecutor
    private let settings: ConnectionSettings
    private let configuration: PostgresConfiguration
    private let backOff: ConnectionBackOff
    private let canceller = StatementCanceller()
    private let logger: Logger
    private var handle: PostgresHandle?
    private var wasConnected = false

    nonisolated var unownedExecutor: UnownedSerialExecutor { self.executor.asUnownedSerialExecutor() }

    init(
        settings: ConnectionSettings, configuration: PostgresConfiguration, backOff: ConnectionBackOff, logger: Logger
    ) {
        self.executor = DedicatedThreadExecutor(name: "churn-postgres")
        self.settings = settings
        self.configuration = configuration
        self.backOff = backOff
        self.logger = logger
    }

    deinit { self.executor.stop() }

    /// Runs `body` on the connection's thread.
    ///
    /// A cancelled task cancels its statement at the server. Whatever happens, no transaction is open afterwards.
    func use<Result: Sendable>(
        _ operation: StaticString, _ body: @Sendable (isolated PostgresConnection) async throws -> Result
    ) async throws -> Result {
        do {
            try Task.checkCancellation()
            try await self.connectIfNeeded()
            let use = self.canceller.beginUse()
            return try await withTaskCancellationHandler {
                do {
                    let result = try await body(self)
                    self.settle()
                    return result
                } catch {
                    self.settle()
                    throw error
                }
            } onCancel: {
                self.canceller.cancel(use)
            }
        } catch let failure as PostgresFailure {
            if failure.isTakenNumber { try self.run("SELECT churn_raise_numbers()") }
            if Task.isCancelled, failure.sqlState == "57014" { throw CancellationError() }
            throw failure.churnError(during: operation)
        }
    }

    /// Runs one statement.
    func run(_ statement: Statement, _ parameters: ParameterBuffer = ParameterBuffer()) throws -> PostgresResult {
        try self.connected().run(Step(statement: statement, parameters: parameters))
    }

    /// Runs statements in one round trip; those after one that fails are skipped.
    func run(_ steps: [Step]) throws -> [Result<PostgresResult, PostgresFailure>] { try self.connected().run(steps) }

    /// Runs statements and COPYs in their order, in as few round trips as there can be; what comes after one that fails
    /// is skipped.
    func run(_ works: [Work]) throws -> [Result<PostgresResult, PostgresFailure>] {
        var results: [Result<PostgresResult, PostgresFailure>] = []
        var hasFailed = false
        var rest = works[...]
        while let next = rest.first, !hasFailed {
            switch next {
            case .copy(let sql, let data):
                rest = rest.dropFirst()
                results.append(try self.connected().copy(sql, data))
            case .statement:
                let steps = rest.prefix { if case .statement = $0 { true } else { false } }
                rest = rest.dropFirst(steps.count)
                results += try self.run(steps.compactMap { if case .statement(let step) = $0 { step } else { nil } })
            }
            hasFailed = results.contains { if case .failure = $0 { true } else { false } }
        }
        return results + rest.map { _ in .failure(PostgresFailure(.skipped)) }
    }

    /// Runs statements one after the other; see ``PostgresHandle/run(_:next:use:)``.
    func run(_ first: Step, next: (PostgresResult) -> Step?, use: (PostgresResult) -> Void) throws {
        try self.connected().run(first, next: next, use: use)
    }

    /// Keeps something that can be computed again: not on a standby, nor where the role may not.
    func keepIfPossible(_ body: () throws -> Void) throws {
        guard try !self.connected().isStandby else { return }
        do {
            try body()
        } catch let failure as PostgresFailure where failure.meaning == .privilege || failure.sqlState == "25006" {
            self.logger.debug("Not kept", metadata: ["churn.error": "\(failure)"])
        }
    }

    /// Runs a text of one or more statements without parameters.
    func run(_ sql: String) throws { try self.connected().run(sql) }

    /// Runs `body` in a transaction, which ends with it.
    func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        try self.run("BEGIN")
        let result = try body()
        try self.run("COMMIT")
        return result
    }

    /// Closes the connection; the next use makes a new one.
    func disconnect() {
        self.canceller.replaceToken(nil)
        self.handle = nil
    }

    private func connected() throws -> PostgresHandle {
        guard let handle else { throw PostgresFailure(.lost) }
        return handle
    }

    private func connectIfNeeded() async throws {
        if let handle, handle.isAlive { return }
        self.disconnect()
        try await self.backOff.pause(atMost: self.configuration.poolWait)
        do {
            // The server's own timeout speaks first; this one is for a server or a network that says nothing.
            let patience = self.configuration.statementTimeout.map { $0 + .seconds(5) }
            let handle = try self.connect(patience: patience)
            try handle.requireUTF8()
            try handle.run(self.settings.pinned)
            try SessionProbe.check(handle) { try self.connect(patience: .seconds(2)) }
            self.canceller.replaceToken(handle.makeCancelToken())
            self.handle = handle
        } catch {
            if let attempts = self.backOff.failed() { self.report(error, after: attempts) }
            throw error
        }
        if let outage = self.backOff.succeeded() {
            let seconds = max(1, Int((outage / .seconds(1)).rounded()))
            self.logger.notice("PostgreSQL works again after \(seconds) s")
        } else if self.wasConnected {
            self.logger.info("connected to PostgreSQL again")
        }
        self.wasConnected = true
    }

    private func connect(patience: Duration?) throws -> PostgresHandle {
        try PostgresHandle(settings: self.settings, timeout: self.configuration.connectTimeout, patience: patience)
    }

    private func report(_ error: any Error, after attempts: Int) {
        let error =
            error as? ChurnError ?? (error as? PostgresFailure)?.churnError(during: "connect to PostgreSQL")
        self.logger.warning(
            "PostgreSQL cannot be reached; it is tried again",
            metadata: [
                "churn.error": "\(error?.description ?? "other")", "churn.advice": "\(error?.advice ?? "")",
                "churn.attempts": "\(attempts)",
            ])
    }

    /// Ends what a use left open, or the connection where that is not possible.
    private func settle() {
        self.canceller.endUse()
        guard let handle, !handle.isIdle else { return }
        if !handle.isBroken { try? handle.run("ROLLBACK") }
        if !handle.isIdle { self.disconnect() }
    }
}
