package import ChurnCore

/// The condition of a database server, as one look finds it.
package struct ServerCondition: Hashable, Sendable {
    /// Whether it takes no writes, as a standby does.
    package var isReadOnly: Bool
    /// The time by its clock.
    package var time: Timestamp
}

extension PostgresStore {
    private static let conditionStatement = Statement(
        name: "server_condition",
        sql: """
            SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::bool, clock_timestamp()
            """)

    /// Looks at the server.
    package func condition() async throws -> ServerCondition {
        try await self.pool.withConnection("look at the database") { connection in
            let row = try connection.run(Self.conditionStatement)
            // A session that began read-only may stay so when the server is not: the next look has a new one.
            if row.boolean(0, 0) { connection.disconnect() }
            return ServerCondition(isReadOnly: row.boolean(0, 0), time: row.timestamp(0, 1))
        }
    }
}
