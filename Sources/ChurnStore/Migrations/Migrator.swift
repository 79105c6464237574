import ChurnCore
import Logging

/// The state of a database's tables, next to what this version needs.
public struct MigrationStatus: Hashable, Sendable {
    /// The migrations that were applied, by number and name.
    public var applied: [String]
    /// The migrations that are still to be applied.
    public var pending: [String]
    /// Columns of `users` that the domain has and the table has not; all of them before the first migration.
    public var missingColumns: [String]

    /// Whether this version can work with the database.
    public var isCurrent: Bool { self.pending.isEmpty && self.missingColumns.isEmpty }
}

/// Brings a database's tables to this version: step by step, each in a transaction, never destroying data.
///
/// Safe to run from many processes at once, and again: an advisory lock lets one at a time in, and what was applied is
/// written down in `churn_migrations` by the transaction that applied it. `users` follows the domain: a feature that is
/// new becomes a new column, a feature that is gone leaves its column behind.
public struct Migrator: Sendable {
    private let pool: PostgresPool
    private let schema: Identifier
    private let users: UsersTable
    private let logger: Logger

    /// Creates a migrator.
    ///
    /// - Throws: `invalidConfiguration` when the URL is none or the domain's names cannot be columns.
    public init(_ configuration: PostgresConfiguration, domain: Domain, logger: Logger) throws {
        var configuration = configuration
        // Adding an index to a large table takes its time.
        configuration.statementTimeout = nil
        configuration.poolSize = 1
        configuration.plans = .free
        self.pool = try PostgresPool(configuration, logger: logger)
        self.schema = try Identifier(configuration.schema)
        self.users = try UsersTable(domain)
        self.logger = logger
    }

    /// Returns the migrations that were applied and those that are missing.
    ///
    /// Changes nothing.
    ///
    /// - Throws: `schemaMismatch` when the database is newer than this version.
    public func status() async throws -> MigrationStatus {
        let (users, schema) = (self.users, self.schema)
        return try await self.pool.withConnection("read the database's version") { connection in
            try Self.status(on: connection, users: users, schema: schema)
        }
    }

    /// Applies what is missing and returns the names of what it applied, in order.
    ///
    /// - Throws: `schemaMismatch` when the database is newer than this version, or a column has another type than the
    ///   domain says.
    public func migrate() async throws -> [String] {
        let (users, schema) = (self.users, self.schema)
        let done = try await self.pool.withConnection("migrate the database") { connection in
            try connection.run("SELECT pg_advisory_lock(hashtext('churn_migrations ' || current_database()))")
            defer { connection.disconnect() }  // gives the lock back, however this ends
            try Self.prepare(connection, schema: schema)
            let status = try Self.status(on: connection, users: users, schema: schema)
            var done: [String] = []
            for migration in Migration.all where status.pending.contains(migration.label) {
                try connection.transaction {
                    try connection.run(migration.sql)
                    try Self.record(migration, on: connection)
                }
                done.append(migration.label)
            }
            if let change = try Self.deriveUsers(on: connection, users: users, schema: schema) { done.append(change) }
            return done
        }
        if !done.isEmpty { self.logger.info("migrated the database", metadata: ["churn.migrations": "\(done.count)"]) }
        return done
    }

    /// Closes the connection.
    public func close() async { await self.pool.close() }
}

extension Migration {
    fileprivate var label: String { "\(self.number) \(self.name)" }
}

extension Migrator {
    private static func prepare(_ connection: isolated PostgresConnection, schema: Identifier) throws {
        // Asked first, because "if not exists" needs the privilege to create even where the schema exists.
        let known = try connection.run(
            Statement(name: "schema", sql: "SELECT 1 FROM pg_namespace WHERE nspname = \(schema.literal)"))
        if known.rowCount == 0 { try connection.run("CREATE SCHEMA \(schema)") }
        try connection.run(
            """
            CREATE TABLE IF NOT EXISTS churn_migrations (
                number int PRIMARY KEY,
                name text NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now()
            )
            """)
    }

    private static func record(_ migration: Migration, on connection: isolated PostgresConnection) throws {
        var parameters = ParameterBuffer()
        parameters.int32(migration.number)
        parameters.text(migration.name)
        _ = try connection.run(
            Statement(
                name: "record_migration", sql: "INSERT INTO churn_migrations (number, name) VALUES ($1::int4, $2::text)"
            ),
            parameters)
    }

    private static func status(
        on connection: isolated PostgresConnection, users: UsersTable, schema: Identifier
    ) throws -> MigrationStatus {
        let exists = try connection.run(
            Statement(
                name: "has_migrations",
                sql: "SELECT 1 FROM pg_tables WHERE schemaname = \(schema.literal) AND tablename = 'churn_migrations'"))
        var applied: Set<Int32> = []
        if exists.rowCount > 0 {
            let rows = try connection.run(
                Statement(name: "migrations", sql: "SELECT number FROM churn_migrations"))
            for row in 0..<rows.rowCount { applied.insert(rows.int32(row, 0)) }
        }
        if let newest = applied.max(), let known = Migration.all.last?.number, newest > known {
            throw ChurnError(
                .schemaMismatch, .fatal, during: "read the database's version",
                advice: "The database is at version \(newest) and this program knows \(known); use a newer program.")
        }
        let types = try Self.columnTypes(on: connection, schema: schema)
        return MigrationStatus(
            applied: Migration.all.filter { applied.contains($0.number) }.map(\.label),
            pending: Migration.all.filter { !applied.contains($0.number) }.map(\.label),
            missingColumns: ([users.id.name] + users.columns.map(\.name.name)).filter { types[$0] == nil })
    }

    /// The columns of `users` with their types; empty where there is no such table.
    private static func columnTypes(
        on connection: isolated PostgresConnection, schema: Identifier
    ) throws -> [String: String] {
        let rows = try connection.run(
            Statement(
                name: "users_columns",
                sql: """
                    SELECT column_name::text, data_type::text FROM information_schema.columns
                    WHERE table_schema = \(schema.literal) AND table_name = 'users'
                    """))
        return Dictionary(
            (0..<rows.rowCount).map { (rows.text($0, 0), rows.text($0, 1)) }, uniquingKeysWith: { first, _ in first })
    }

    /// Makes `users` and its trigger follow the domain; returns what it did, nil for nothing.
    private static func deriveUsers(
        on connection: isolated PostgresConnection, users: UsersTable, schema: Identifier
    ) throws -> String? {
        let types = try Self.columnTypes(on: connection, schema: schema)
        if types.isEmpty {
            try connection.transaction {
                try connection.run(users.createStatement)
                try connection.run(users.triggerStatements)
            }
            return "users"
        }
        let wrong = users.columns.filter { column in types[column.name.name].map { $0 != column.sqlType } ?? false }
        let strange = ([users.id.name] + UsersTable.stateColumns).filter { types[$0] == nil }
        guard wrong.isEmpty, strange.isEmpty else {
            let columns = (wrong.map(\.name.name) + strange).joined(separator: ", ")
            throw ChurnError(
                .schemaMismatch, .fatal, during: "derive the users table",
                advice: "These columns of users are missing or have another type than the domain says: \(columns).")
        }
        let missing = users.columns.filter { types[$0.name.name] == nil }
        let watched = try Self.watchedColumns(on: connection)
        let wanted = Set(users.columns.map(\.name.name) + [users.id.name, "churn_version"])
        guard !missing.isEmpty || watched != wanted else { return nil }
        try connection.transaction {
            for column in missing {
                try connection.run("ALTER TABLE users ADD COLUMN \(column.name) \(column.sqlType)")
            }
            try connection.run(users.triggerStatements)
        }
        return "users: " + (missing.isEmpty ? "trigger" : missing.map(\.name.name).joined(separator: ", "))
    }

    /// The columns that the trigger on updates watches; a trigger that replicas do not fire watches none.
    private static func watchedColumns(on connection: isolated PostgresConnection) throws -> Set<String> {
        let rows = try connection.run(
            Statement(
                name: "watched_columns",
                sql: """
                    SELECT a.attname::text FROM pg_trigger t CROSS JOIN unnest(t.tgattr) AS number
                    JOIN pg_attribute a ON a.attrelid = t.tgrelid AND a.attnum = number
                    WHERE t.tgname = '\(UsersTable.triggerName)' AND t.tgrelid = 'users'::regclass AND t.tgenabled = 'A'
                    """))
        return Set((0..<rows.rowCount).map { rows.text($0, 0) })
    }
}
