public import ChurnCore
public import ChurnInsight

/// The statements that change cases and return how they were changed.
enum CaseStepStatements {
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
                snoozed_until, outcome, log_id)
            VALUES ($1::int8, $2::int8, $3::text, $4::text, $5::text, $6::timestamptz, $7::text, $8::timestamptz,
                $9::text, $10::int8)
            """)

    static let changes = Statement(
        name: "case_changes",
        sql: """
            \(CaseStepStatements.columns) FROM alert_changes c
            WHERE c.event_id = $1::int8 AND c.version < $2::int8 ORDER BY c.version DESC LIMIT $3::int8
            """)

    static let columns = """
        SELECT c.event_id, c.version, c.from_status, c.to_status, c.changed_by, c.changed_at, c.assignee, c.snoozed_until,
            c.outcome, c.log_id
        """

    // The steps about all cases of one customer.
    static let ofCustomer = Statement(
        name: "case_changes_of_customer",
        sql: """
            \(columns) FROM event_log l JOIN alert_changes c USING (event_id)
            WHERE l.user_id = $1::text AND l.became_at_risk
                AND ($2::timestamptz IS NULL OR c.changed_at < $2::timestamptz)
            ORDER BY c.changed_at DESC, c.version DESC LIMIT $3::int8
            """)

    static let lately = Statement(
        name: "case_changes_lately",
        sql: """
            \(columns), l.user_id
            FROM alert_changes c CROSS JOIN LATERAL (
                SELECT user_id FROM event_log l WHERE l.event_id = c.event_id LIMIT 1) AS l
            WHERE c.recorded_at > now() - $1::int8 * interval '1 microsecond'
            """)

    // Only snoozes of the last moment, of the few that the index holds.
    static let due = Statement(
        name: "cases_due",
        sql: """
            SELECT s.event_id, s.snoozed_until, l.user_id
            FROM alert_states s CROSS JOIN LATERAL (
                SELECT user_id FROM event_log l WHERE l.event_id = s.event_id LIMIT 1) AS l
            WHERE s.status = 'snoozed' AND s.snoozed_until <= $2::timestamptz
                AND s.snoozed_until > $2::timestamptz - $1::int8 * interval '1 microsecond'
            """)

    // The newest case of a customer that is not resolved.
    static let unresolved = Statement(
        name: "unresolved_case",
        sql: """
            SELECT l.event_id FROM event_log l LEFT JOIN alert_states s ON s.event_id = l.event_id
            WHERE l.user_id = $1::text AND l.became_at_risk AND s.status IS DISTINCT FROM 'resolved'
            ORDER BY l.event_id DESC LIMIT 1
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
                guard try Self.write(change, next, on: connection) else { return false }
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
            return try (0..<rows.rowCount).map { try Self.caseChange(in: rows, $0) }
        }
    }

    static func caseChange(in rows: PostgresResult, _ row: Int) throws -> CaseChange {
        guard let from = CaseStatus(rawValue: rows.text(row, 2)), let to = CaseStatus(rawValue: rows.text(row, 3))
        else {
            throw ChurnError(
                .schemaMismatch, .fatal, during: "read a case's history",
                advice: "A status is not one of this version; all processes must be of one version.")
        }
        return CaseChange(
            caseID: rows.int64(row, 0), version: rows.int64(row, 1), from: from, to: to, actor: rows.text(row, 4),
            time: rows.timestamp(row, 5), assignee: rows.optional(row, 6, rows.text),
            snoozedUntil: rows.optional(row, 7, rows.timestamp), outcome: rows.optional(row, 8, rows.text),
            interventionID: rows.optional(row, 9, rows.int64))
    }

    /// Writes a step within a transaction; false where the case is no longer of the version before.
    static func write(
        _ change: CaseChange, _ next: CaseHandling, on connection: isolated PostgresConnection
    ) throws -> Bool {
        // The row's version is compared again where it is set: another writer may have been faster.
        guard try connection.run(CaseStepStatements.write, Self.row(change.caseID, next)).changedRows == 1 else {
            return false
        }
        _ = try connection.run(CaseStepStatements.mark, Self.mark(change.caseID, next.status))
        _ = try connection.run(CaseStepStatements.keep, Self.row(change))
        return true
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
        parameters.int64(change.interventionID)
        return parameters
    }
}
