import ChurnCore

extension Migration {
    var label: String { "\(self.number) \(self.name)" }
}

extension Migrator {
    static func prepare(_ connection: isolated PostgresConnection, schema: Identifier) throws {
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
            );
            ALTER TABLE churn_migrations ADD COLUMN IF NOT EXISTS compatible_from int
            """)
    }

    static func record(_ migration: Migration, on connection: isolated PostgresConnection) throws {
        var parameters = ParameterBuffer()
        parameters.int32(migration.number)
        parameters.text(migration.name)
        parameters.int32(migration.compatibleFrom)
        _ = try connection.run(
            Statement(
                name: "record_migration",
                sql: """
                    INSERT INTO churn_migrations (number, name, compatible_from)
                    VALUES ($1::int4, $2::text, $3::int4)
                    """),
            parameters)
    }

    static func status(
        on connection: isolated PostgresConnection, users: UsersTable, schema: Identifier
    ) throws -> MigrationStatus {
        let known = Migration.all.last?.number ?? 0
        var applied: Set<Int32> = []
        var newer: [String] = []
        for step in try Self.applied(on: connection, schema: schema) {
            applied.insert(step.number)
            guard step.number > known else { continue }
            guard let oldest = step.compatibleFrom, oldest <= known else {
                throw ChurnError(
                    .schemaMismatch, .fatal, during: "read the database's version",
                    advice: "The database is at version \(step.number) and this program knows \(known); use a newer "
                        + "program.")
            }
            newer.append("\(step.number) \(step.name)")
        }
        let types = try Self.columnTypes(on: connection)
        return MigrationStatus(
            applied: Migration.all.filter { applied.contains($0.number) }.map(\.label),
            pending: Migration.all.filter { !applied.contains($0.number) }.map(\.label),
            missingColumns: ([users.id.name] + users.columns.map(\.name.name)).filter { types[$0] == nil },
            newer: newer)
    }

    /// The steps that are written down, in order; `compatible_from` came later than the table.
    private static func applied(
        on connection: isolated PostgresConnection, schema: Identifier
    ) throws -> [(number: Int32, name: String, compatibleFrom: Int32?)] {
        let exists = try connection.run(
            Statement(
                name: "has_migrations",
                sql: "SELECT 1 FROM pg_tables WHERE schemaname = \(schema.literal) AND tablename = 'churn_migrations'"))
        guard exists.rowCount > 0 else { return [] }
        let rows = try connection.run(
            Statement(
                name: "migrations",
                sql: """
                    SELECT number, name, (to_jsonb(m) ->> 'compatible_from')::int4 FROM churn_migrations m
                    ORDER BY number
                    """))
        return (0..<rows.rowCount).map { (rows.int32($0, 0), rows.text($0, 1), rows.optional($0, 2, rows.int32)) }
    }

    /// The columns of `users` with their types, whoever may read them; empty where there is no such table.
    static func columnTypes(on connection: isolated PostgresConnection) throws -> [String: String] {
        let rows = try connection.run(
            Statement(
                name: "users_columns",
                sql: """
                    SELECT attname::text, format_type(atttypid, NULL) FROM pg_attribute
                    WHERE attrelid = to_regclass('users') AND attnum > 0 AND NOT attisdropped
                    """))
        return Dictionary(
            (0..<rows.rowCount).map { (rows.text($0, 0), rows.text($0, 1)) }, uniquingKeysWith: { first, _ in first })
    }
}
