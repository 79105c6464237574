import ChurnCore
public import ChurnInsight

extension PostgresStore: AuditLog {
    private static let addEntry = Statement(
        name: "add_audit_entry",
        sql: """
            INSERT INTO audit_log (occurred_at, actor, action, subject, detail)
            VALUES ($1::timestamptz, $2::text, $3::text, $4::text, $5::text) RETURNING entry_id
            """)
    private static let newestEntries = Statement(
        name: "newest_audit_entries",
        sql: """
            SELECT entry_id, occurred_at, actor, action, subject, detail FROM audit_log
            WHERE entry_id < coalesce($1::int8, 9223372036854775807) ORDER BY entry_id DESC LIMIT $2::int8
            """)

    /// Adds an entry; see ``/ChurnInsight/AuditLog/record(_:)``.
    @discardableResult
    public func record(_ entry: NewAuditEntry) async throws -> AuditEntry {
        try await self.pool.withConnection("record an audit entry") { try Self.record(entry, on: $0) }
    }

    /// Adds an entry in whatever transaction the connection is in.
    @discardableResult
    static func record(_ entry: NewAuditEntry, on connection: isolated PostgresConnection) throws -> AuditEntry {
        let step = Self.auditStep(entry)
        return AuditEntry(id: try connection.run(step.statement, step.parameters).int64(0, 0), entry: entry)
    }

    /// The statement that adds an entry, for a transaction that runs its steps together.
    static func auditStep(_ entry: NewAuditEntry) -> Step {
        var parameters = ParameterBuffer()
        parameters.timestamp(entry.time)
        parameters.text(entry.actor)
        parameters.text(entry.action)
        parameters.text(entry.subject)
        parameters.text(entry.detail)
        return Step(statement: Self.addEntry, parameters: parameters)
    }

    /// The newest entries; see ``/ChurnInsight/AuditLog/auditEntries(before:limit:)``.
    public func auditEntries(before id: Int64?, limit: Int) async throws -> [AuditEntry] {
        var parameters = ParameterBuffer()
        parameters.int64(id)
        parameters.int64(Int64(max(limit, 0)))
        let sent = parameters
        return try await self.pool.withConnection("read the audit log") { connection in
            let rows = try connection.run(Self.newestEntries, sent)
            return (0..<rows.rowCount).map { row in
                AuditEntry(
                    id: rows.int64(row, 0),
                    entry: NewAuditEntry(
                        time: rows.timestamp(row, 1), actor: rows.text(row, 2), action: rows.text(row, 3),
                        subject: rows.optional(row, 4, rows.text), detail: rows.optional(row, 5, rows.text)))
            }
        }
    }
}
