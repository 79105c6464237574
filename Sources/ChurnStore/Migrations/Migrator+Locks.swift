import ChurnCore
import Logging

extension Migrator {
    private static let lock = Statement(
        name: "try_lock_migrations",
        sql: "SELECT pg_try_advisory_lock(hashtext('churn_migrations ' || current_database()))")
    private static let migrating = Statement(
        name: "who_migrates",
        sql: """
            SELECT a.pid, coalesce(a.application_name, '') FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.database = (
                SELECT oid FROM pg_database WHERE datname = current_database())
                AND (l.classid::int8 << 32 | l.objid::int8)
                    = hashtext('churn_migrations ' || current_database())::int8
            """)
    // Whoever holds any lock on one of the tables for the longest is the likeliest.
    private static let holding = Statement(
        name: "who_holds_tables",
        sql: """
            SELECT a.pid, coalesce(a.application_name, '') FROM pg_locks l
            JOIN pg_class c ON c.oid = l.relation AND c.relnamespace = current_schema()::regnamespace
            JOIN pg_stat_activity a ON a.pid = l.pid
            WHERE l.granted AND l.pid <> pg_backend_pid() AND l.database = (
                SELECT oid FROM pg_database WHERE datname = current_database())
            GROUP BY a.pid, a.application_name ORDER BY min(a.xact_start) LIMIT 1
            """)

    /// Takes the lock that lets one migrator in at a time; whoever has it is named after a while.
    func lockMigrations(on connection: isolated PostgresConnection) async throws {
        try await self.waiting(on: connection, for: Self.migrating) { connection in
            try connection.run(Self.lock).boolean(0, 0)
        }
    }

    /// Runs `body` until the locks that it needs are free.
    func repeatingLocks(
        on connection: isolated PostgresConnection, _ body: @Sendable (isolated PostgresConnection) throws -> Void
    ) async throws {
        try await self.waiting(on: connection, for: Self.holding) { connection in
            do {
                try body(connection)
                return true
            } catch let failure as PostgresFailure where failure.sqlState == "55P03" {
                try connection.run("ROLLBACK")
                return false
            }
        }
    }

    private func waiting(
        on connection: isolated PostgresConnection, for holders: Statement,
        _ attempt: @Sendable (isolated PostgresConnection) throws -> Bool
    ) async throws {
        let start = ContinuousClock.now
        var pause = Duration.milliseconds(50)
        var isAnnounced = false
        while try !attempt(connection) {
            let holder = try Self.holder(holders, on: connection)
            guard .now - start < self.patience else {
                throw ChurnError(
                    .timedOut, .fatal, during: "migrate the database",
                    advice:
                        "\(holder) keeps a lock that the migration needs. Migrate again when it is done; where it is "
                        + "a session that a pooler or a lost client left behind, end it by pg_terminate_backend.")
            }
            if !isAnnounced {
                self.logger.notice("the migration waits for a lock", metadata: ["churn.holder": "\(holder)"])
            }
            isAnnounced = true
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(2))
        }
    }

    private static func holder(_ holders: Statement, on connection: isolated PostgresConnection) throws -> String {
        let rows = try connection.run(holders)
        guard rows.rowCount > 0 else { return "Another session" }
        let name = rows.text(0, 1)
        return "The session with pid \(rows.int32(0, 0))" + (name.isEmpty ? "" : " of \(name)")
    }
}
