import ChurnCore

/// Determines whether a connection is one session of the server, as settings, prepared statements and locks need it.
///
/// A pooler that hands sessions out by transaction breaks all three without an error. It cannot be asked, but it shows:
/// behind a pooler the server's process is not the one that was named at login, and by transaction it changes as soon
/// as someone else holds the session that the last statement used.
enum SessionProbe {
    private static let backend = Statement(name: "backend", sql: "SELECT pg_backend_pid()")
    /// The number of times that it must have been the same process: another client may have held the first one by
    /// chance.
    private static let rounds = 3

    /// The codes with which a pooler by transaction answers a prepared statement.
    private static let refusals: Set<String> = ["26000", "42P05"]

    /// - Parameter connect: makes a second connection; used behind a pooler only.
    /// - Throws: `invalidConfiguration` where sessions are handed out by transaction.
    static func check(_ handle: PostgresHandle, connect: () throws -> PostgresHandle) throws {
        do {
            let first = try Self.backend(of: handle)
            guard first != handle.backendID else { return }
            let other = try connect()
            do {
                // Holds its session until it goes away.
                try other.run("BEGIN")
            } catch let failure as PostgresFailure where failure.kind == .lost {
                // A pooler by statement ends a connection that begins a transaction; the first one still answers.
                _ = try Self.backend(of: handle)
                throw Self.isPooledByTransaction
            }
            let second = try Self.backend(of: other)
            for _ in 0..<Self.rounds {
                let again = try Self.backend(of: handle)
                guard first != second, again == first else { throw Self.isPooledByTransaction }
            }
            withExtendedLifetime(other) {}
        } catch let failure as PostgresFailure {
            switch failure.kind {
            // No session is left for a second connection: the first keeps its own.
            case .unanswered, .unreachable: return
            case .refused(let state) where Self.refusals.contains(state): throw Self.isPooledByTransaction
            default: throw failure
            }
        }
    }

    private static func backend(of handle: PostgresHandle) throws -> Int32 {
        try handle.run(Step(statement: Self.backend)).int32(0, 0)
    }

    private static var isPooledByTransaction: ChurnError {
        ChurnError(
            .invalidConfiguration, .fatal, during: "connect to PostgreSQL",
            advice: "The pooler before PostgreSQL hands out sessions by transaction or by statement. This needs one "
                + "session for each connection: set PgBouncer's pool_mode to session, or name the server itself.")
    }
}
