import ChurnCore
import ChurnInsight

/// The statements that change cases and return how they were changed.
private enum CaseStepStatements {
    static let write = Statement(
        name: "write_case",
        sql: """
            INSERT INTO alert_states AS s (event_id, status, assignee, snoozed_until, outcome, changed_by, changed_at,
                version)
            VALUES ($1::int8, $2::text, $3::text, $4::timestamptz, $5::text, $6::text, $7::timestamptz, $8::int8)
            ON CONFLICT (event_id) DO UPDATE SET status = excluded.status, assignee = excluded.assignee,
                snoozed_until = excluded.snoozed_until, outcome = excluded.outcome,
                changed_by = excluded.changed_by, changed_at = excluded.changed_at, version = excluded.version
                WHERE s.version = excluded.version - 1
            """)

    // The index of open cases holds the rows without the mark.
    static let mark = Statement(
        name: "mark_case",
        sql: """
            UPDATE event_log SET is_taken = nullif($2::text <> 'open', false)
            WHERE event_id = $1::int8 AND is_taken IS DISTINCT FROM nullif($2::text <> 'open', false)
            """)

    static let keep = Statement(
        name: "keep_case_change",
        sql: """
            INSERT INTO alert_changes (event_id, version, from_status, to_status, changed_by, changed_at, assignee,
                snoozed_until, outcome)
            VALUES ($1::int8, $2::int8, $3::text, $4::text, $5::text, $6::timestamptz, $7::text, $8::timestamptz,
                $9::text)
            """)

    static let changes = Statement(
        name: "case_changes",
        sql: """
            SELECT version, from_status, to_status, changed_by, changed_at, assignee, snoozed_until, outcome
            FROM alert_changes WHERE event_id = $1::int8 AND version < $2::int8 ORDER BY version DESC LIMIT $3::int8
            """)
}

extension PostgresStore {
    /// Takes a step; see ``/ChurnInsight/CaseStore/take(_:on:version:by:at:audit:)``.
    public func take(
        _ step: CaseStep, on id: Int64, version: Int64, by actor: String, at now: Timestamp,
        audit: AuditNote<CaseChange>?
    ) async throws -> CaseStepResult {
        try await self.pool.withConnection("change a case") { connection in
            guard var customerCase = try self.customerCase(id: id, on: connection) else { return .unknown }
            guard customerCase.handling.version == version else { return .outdated(customerCase) }
            guard let next = customerCase.handling.taking(step, by: actor, at: now) else {
                return .refused(customerCase)
            }
            let change = CaseChange(of: id, from: customerCase.handling, to: next, by: actor, at: now)
            let isWritten = try connection.transaction {
                // The row's version is compared again where it is set: another writer may have been faster.
                guard try connection.run(CaseStepStatements.write, Self.row(id, next)).changedRows == 1 else {
                    return false
                }
                _ = try connection.run(CaseStepStatements.mark, Self.mark(id, next.status))
                _ = try connection.run(CaseStepStatements.keep, Self.row(change))
                if let audit { try Self.record(audit(change), on: connection) }
                return true
            }
            guard isWritten else {
                return try self.customerCase(id: id, on: connection).map { .outdated($0) } ?? .unknown
            }
            customerCase.handling = next
            return .changed(customerCase)
        }
    }

    /// The steps that were taken; see ``/ChurnInsight/CaseStore/changes(of:before:limit:)``.
    public func changes(of id: Int64, before version: Int64?, limit: Int) async throws -> [CaseChange]? {
        var parameters = ParameterBuffer()
        parameters.int64(id)
        parameters.int64(version ?? Int64.max)
        parameters.int64(Int64(max(0, limit)))
        let sent = parameters
        return try await self.pool.withConnection("read a case's history") { connection in
            guard try self.customerCase(id: id, on: connection) != nil else { return nil }
            let rows = try connection.run(CaseStepStatements.changes, sent)
            return try (0..<rows.rowCount).map { row in
                guard let from = CaseStatus(rawValue: rows.text(row, 1)),
                    let to = CaseStatus(rawValue: rows.text(row, 2))
                else {
                    throw ChurnError(
                        .schemaMismatch, .fatal, during: "read a case's history",
                        advice: "A status is not one of this version; all processes must be of one version.")
                }
                return CaseChange(
                    caseID: id, version: rows.int64(row, 0), from: from, to: to, actor: rows.text(row, 3),
                    time: rows.timestamp(row, 4), assignee: rows.optional(row, 5, rows.text),
                    snoozedUntil: rows.optional(row, 6, rows.timestamp), outcome: rows.optional(row, 7, rows.text))
            }
        }
    }

    private static func mark(_ id: Int64, _ status: CaseStatus) -> ParameterBuffer {
        var parameters = ParameterBuffer()
        parameters.int64(id)
        parameters.text(status.rawValue)
        return parameters
    }

    private static func row(_ id: Int64, _ handling: CaseHandling) -> ParameterBuffer {
        var parameters = ParameterBuffer()
        parameters.int64(id)
        parameters.text(handling.status.rawValue)
        parameters.text(handling.assignee)
        parameters.timestamp(handling.snoozedUntil)
        parameters.text(handling.outcome)
        parameters.text(handling.changedBy)
        parameters.timestamp(handling.changedAt)
        parameters.int64(handling.version)
        return parameters
    }

    private static func row(_ change: CaseChange) -> ParameterBuffer {
        var parameters = ParameterBuffer()
        parameters.int64(change.caseID)
        parameters.int64(change.version)
        parameters.text(change.from.rawValue)
        parameters.text(change.to.rawValue)
        parameters.text(change.actor)
        parameters.timestamp(change.time)
        parameters.text(change.assignee)
        parameters.timestamp(change.snoozedUntil)
        parameters.text(change.outcome)
        return parameters
    }
}
