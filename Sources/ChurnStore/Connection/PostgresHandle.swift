import CPostgres
import ChurnCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A statement that each connection prepares once.
///
/// Its text is made of literals and checked identifiers.
struct Statement: Sendable {
    var name: String
    var sql: String
}

/// One statement with its parameters.
struct Step: Sendable {
    var statement: Statement
    var parameters = ParameterBuffer()
}

/// A part of a transaction.
enum Work: Sendable {
    case statement(Step)
    /// A COPY from the client, with its data in binary form.
    case copy(String, [UInt8])
}

/// The owner of one libpq connection: connects, sends and receives with a time limit on every wait.
///
/// Blocks its caller, so it lives on its connection's thread; not thread-safe. The socket is in non-blocking mode
/// underneath, because libpq's own blocking calls know no time limit once the connection stands.
final class PostgresHandle {
    let raw: OpaquePointer
    private let patience: Duration?
    private var prepared: Set<String> = []
    private(set) var isBroken = false

    /// Connects.
    ///
    /// - Parameter patience: how long the server may be silent after that; nil for no limit.
    init(settings: ConnectionSettings, timeout: Duration, patience: Duration?) throws {
        guard let raw = settings.withCStrings({ PQconnectStartParams($0, $1, 0) }) else {
            throw PostgresFailure(.misuse)
        }
        self.raw = raw
        self.patience = patience
        // From here on `deinit` frees the connection, also when this throws.
        let deadline = ContinuousClock.now + timeout
        guard PQstatus(raw) != CONNECTION_BAD else { throw self.unreachable() }
        var isDone = false
        var awaited = Int16(POLLOUT)
        while !isDone {
            do {
                _ = try self.wait(for: awaited, until: deadline)
            } catch {
                throw PostgresFailure(.unreachable("no answer within \(timeout)"))
            }
            switch PQconnectPoll(raw) {
            case PGRES_POLLING_OK: isDone = true
            case PGRES_POLLING_READING: awaited = Int16(POLLIN)
            case PGRES_POLLING_WRITING: awaited = Int16(POLLOUT)
            default: throw self.unreachable()
            }
        }
        PQsetnonblocking(raw, 1)
        // Notices quote row values and would go to standard error.
        PQsetNoticeProcessor(raw, { _, _ in }, nil)
    }

    deinit { PQfinish(self.raw) }

    private func unreachable() -> PostgresFailure {
        // Before a connection stands no message holds row values; the URL was parsed before, so none quotes it.
        let message = PQerrorMessage(self.raw).map { String(cString: $0) } ?? ""
        return PostgresFailure(.unreachable(message.split(whereSeparator: \.isNewline).joined(separator: "; ")))
    }

    /// Whether the server still holds the other end, as far as can be seen without asking it.
    var isAlive: Bool {
        guard !self.isBroken else { return false }
        // A server that ended the connection said so and closed it: both may lie there, one after the other.
        while PQstatus(self.raw) == CONNECTION_OK, self.isReadable {
            if PQconsumeInput(self.raw) != 1 { return false }
        }
        return PQstatus(self.raw) == CONNECTION_OK
    }

    /// Whether no transaction is open and no statement runs.
    var isIdle: Bool {
        !self.isBroken && PQtransactionStatus(self.raw) == PQTRANS_IDLE && PQpipelineStatus(self.raw) == PQ_PIPELINE_OFF
    }

    /// Returns a token to cancel this connection's statements from another thread; the receiver frees it.
    func makeCancelToken() -> OpaquePointer? { PQgetCancel(self.raw) }

    /// Whether the server is a standby, on which nothing can be written.
    var isStandby: Bool { PQparameterStatus(self.raw, "in_hot_standby").map { String(cString: $0) } == "on" }

    /// Throws unless the database holds UTF-8: others refuse or change texts, a record at a time.
    func requireUTF8() throws {
        let encoding = PQparameterStatus(self.raw, "server_encoding").map { String(cString: $0) } ?? "UTF8"
        guard encoding != "UTF8" else { return }
        throw ChurnError(
            .invalidConfiguration, .fatal, during: "connect to PostgreSQL",
            advice: "The database's encoding is \(encoding), which cannot hold every text. Make one by CREATE DATABASE "
                + "with ENCODING 'UTF8' TEMPLATE template0, and copy the tables over if there are any.")
    }

    /// The process number of the server's side.
    var backendID: Int32 { PQbackendPID(self.raw) }

    /// Runs a text of one or more statements without parameters, in the simple protocol.
    func run(_ sql: String) throws {
        let deadline = self.deadline()
        try self.check(PQsendQuery(self.raw, sql))
        try self.flush(until: deadline)
        var failure: PostgresFailure?
        while let result = try self.nextResult() { failure = failure ?? result.failure }
        if let failure { throw self.noting(failure) }
    }

    /// Runs one statement.
    func run(_ step: Step) throws -> PostgresResult {
        try self.begin(step)
        return try self.finish()
    }

    /// Runs statements one after the other, each of them asked for when the one before has its result.
    ///
    /// - Parameters:
    ///   - next: makes the next statement of a result; nil after the last.
    ///   - use: has a result while the server already works on the next statement.
    func run(_ first: Step, next: (PostgresResult) -> Step?, use: (PostgresResult) -> Void) throws {
        var step: Step? = first
        try self.begin(first)
        while step != nil {
            let result = try self.finish()
            step = next(result)
            if let step { try self.begin(step) }
            use(result)
        }
    }

    private func begin(_ step: Step) throws {
        try self.prepare([step.statement])
        let deadline = self.deadline()
        try self.send(step)
        try self.flush(until: deadline)
    }

    private func finish() throws -> PostgresResult {
        guard let result = try self.nextResult() else { throw self.noting(PostgresFailure(.lost)) }
        while try self.nextResult() != nil {}
        if let failure = result.failure { throw self.noting(failure) }
        return result
    }

    /// Runs statements in one round trip; those after one that fails are skipped.
    func run(_ steps: [Step]) throws -> [Result<PostgresResult, PostgresFailure>] {
        try self.prepare(steps.map(\.statement))
        return try self.pipeline(steps) { try self.send($0) }
    }

    private func prepare(_ statements: [Statement]) throws {
        var missing: [Statement] = []
        for statement in statements where self.prepared.insert(statement.name).inserted { missing.append(statement) }
        guard !missing.isEmpty else { return }
        var first: PostgresFailure?
        let results = try self.pipeline(missing) { try self.check(PQsendPrepare(self.raw, $0.name, $0.sql, 0, nil)) }
        for (statement, result) in zip(missing, results) {
            guard case .failure(let failure) = result else { continue }
            self.prepared.remove(statement.name)
            first = first ?? failure
        }
        if let first { throw self.noting(first) }
    }

    private func pipeline<Item>(
        _ items: [Item], _ send: (Item) throws -> Void
    ) throws -> [Result<PostgresResult, PostgresFailure>] {
        try self.check(PQenterPipelineMode(self.raw))
        let deadline = self.deadline()
        for item in items { try send(item) }
        try self.check(PQpipelineSync(self.raw))
        try self.flush(until: deadline)
        var results: [Result<PostgresResult, PostgresFailure>] = []
        results.reserveCapacity(items.count)
        for _ in items {
            guard let result = try self.nextResult() else { throw self.noting(PostgresFailure(.lost)) }
            if let failure = result.failure {
                results.append(.failure(self.noting(failure)))
            } else {
                results.append(.success(result))
            }
            // Each statement's results end with a nil.
            while try self.nextResult() != nil {}
        }
        _ = try self.nextResult()  // the synchronisation point
        try self.check(PQexitPipelineMode(self.raw))
        return results
    }

    private func send(_ step: Step) throws {
        let spans = step.parameters.spans
        let lengths = spans.map { Int32(max($0.length, 0)) }
        let formats = [Int32](repeating: 1, count: spans.count)
        let sent = step.parameters.bytes.withUnsafeBytes { bytes in
            let values = spans.map { span in
                span.length < 0
                    ? nil : bytes.baseAddress?.advanced(by: span.offset).assumingMemoryBound(to: CChar.self)
            }
            return PQsendQueryPrepared(
                self.raw, step.statement.name, Int32(spans.count), values, lengths, formats, 1)
        }
        try self.check(sent)
    }

    func deadline() -> ContinuousClock.Instant? { self.patience.map { .now + $0 } }

    /// The next result of the statement that is being received; nil at its end.
    func nextResult() throws -> PostgresResult? {
        let deadline = self.deadline()
        while PQisBusy(self.raw) == 1 {
            _ = try self.wait(for: Int16(POLLIN), until: deadline)
            try self.check(PQconsumeInput(self.raw))
        }
        return PQgetResult(self.raw).map(PostgresResult.init)
    }

    func flush(until deadline: ContinuousClock.Instant?) throws {
        while true {
            switch PQflush(self.raw) {
            case 0: return
            case 1:
                // The server may wait for us to read before it reads on.
                let ready = try self.wait(for: Int16(POLLIN | POLLOUT), until: deadline)
                if ready & Int16(POLLIN) != 0 { try self.check(PQconsumeInput(self.raw)) }
            default: throw self.noting(PostgresFailure(.lost))
            }
        }
    }

    func check(_ success: Int32) throws {
        if success != 1 { throw self.noting(PostgresFailure(PQstatus(self.raw) == CONNECTION_BAD ? .lost : .misuse)) }
    }

    func noting(_ failure: PostgresFailure) -> PostgresFailure {
        var failure = failure
        if failure.kind != .skipped, PQstatus(self.raw) == CONNECTION_BAD, failure.sqlState == nil {
            failure = PostgresFailure(.lost)
        }
        if failure.endsConnection { self.isBroken = true }
        return failure
    }

    /// Whether the server sent something, or closed its end.
    private var isReadable: Bool {
        var descriptor = pollfd(fd: PQsocket(self.raw), events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, 0) > 0
    }

    private func wait(for events: Int16, until deadline: ContinuousClock.Instant?) throws -> Int16 {
        var descriptor = pollfd(fd: PQsocket(self.raw), events: events, revents: 0)
        guard descriptor.fd >= 0 else { throw self.noting(PostgresFailure(.lost)) }
        while true {
            var milliseconds: Int32 = -1
            if let deadline {
                let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
                milliseconds = Int32(min(max(left.rounded(.up), 0), 1_000_000_000))
            }
            let count = poll(&descriptor, 1, milliseconds)
            if count > 0 { return descriptor.revents }
            if count == 0 { throw self.noting(PostgresFailure(.unanswered)) }
            if errno != EINTR { throw self.noting(PostgresFailure(.lost)) }
        }
    }
}
