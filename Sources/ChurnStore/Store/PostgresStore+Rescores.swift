public import ChurnCore
public import ChurnInsight

/// The statements of runs that score everyone again.
private enum RescoreStatements {
    private static let columns = "run_id, version, requested_by, requested_at, done, last_id, ended_at, reason"
    // Two requests at once: the second waits for the first and sees its row.
    static let lock = Statement(name: "lock_rescores", sql: "LOCK TABLE rescore_runs IN SHARE ROW EXCLUSIVE MODE")
    static let underWay = Statement(
        name: "rescore_under_way",
        sql: "SELECT \(columns) FROM rescore_runs WHERE ended_at IS NULL AND version = $1::text")
    static let replace = Statement(
        name: "replace_rescores",
        sql: "UPDATE rescore_runs SET ended_at = $1::timestamptz, reason = $2::text WHERE ended_at IS NULL")
    static let request = Statement(
        name: "request_rescore",
        sql: """
            INSERT INTO rescore_runs (version, requested_by, requested_at)
            VALUES ($1::text, $2::text, $3::timestamptz) RETURNING \(columns)
            """)
    static let claim = Statement(
        name: "claim_rescore",
        sql: """
            UPDATE rescore_runs SET claimed_until = $1::timestamptz + $2::int8 * interval '1 microsecond'
            WHERE ended_at IS NULL AND (claimed_until IS NULL OR claimed_until <= $1::timestamptz)
            RETURNING \(columns)
            """)
    static let record = Statement(
        name: "record_rescore",
        sql: """
            UPDATE rescore_runs SET done = $2::int8, last_id = $3::text, ended_at = $4::timestamptz, reason = $5::text,
                claimed_until = $6::timestamptz + $7::int8 * interval '1 microsecond'
            WHERE run_id = $1::int8 AND ended_at IS NULL
            """)
    static let newest = Statement(
        name: "newest_rescore", sql: "SELECT \(columns) FROM rescore_runs ORDER BY run_id DESC LIMIT 1")
}

extension PostgresStore: RescoreLog {
    /// Asks for a run; see ``/ChurnInsight/RescoreLog/requestRescore(of:by:at:audit:)``.
    public func requestRescore(
        of version: String, by actor: String, at now: Timestamp, audit: AuditNote<RescoreRun>?
    ) async throws -> RescoreRun {
        var (known, replaced, new) = (ParameterBuffer(), ParameterBuffer(), ParameterBuffer())
        known.text(version)
        replaced.timestamp(now)
        replaced.text(RescoreRun.replaced)
        new.text(version)
        new.text(actor)
        new.timestamp(now)
        let (first, second, third) = (known, replaced, new)
        return try await self.pool.withConnection("ask for a scoring of everyone") { connection in
            try connection.transaction {
                _ = try connection.run(RescoreStatements.lock)
                if let run = Self.run(in: try connection.run(RescoreStatements.underWay, first)) { return run }
                _ = try connection.run(RescoreStatements.replace, second)
                guard let run = Self.run(in: try connection.run(RescoreStatements.request, third)) else {
                    throw ChurnError(.internalError, .fatal, during: "ask for a scoring of everyone")
                }
                if let audit { try Self.record(audit(run), on: connection) }
                return run
            }
        }
    }

    /// Takes the run that is under way; see ``/ChurnInsight/RescoreLog/claimRescore(at:lease:)``.
    public func claimRescore(at now: Timestamp, lease: Duration) async throws -> RescoreRun? {
        var parameters = ParameterBuffer()
        parameters.timestamp(now)
        parameters.int64(lease.wholeMicroseconds)
        let sent = parameters
        return try await self.pool.withConnection("claim a scoring of everyone") { connection in
            Self.run(in: try connection.run(RescoreStatements.claim, sent))
        }
    }

    /// Remembers how far a run has come; see ``/ChurnInsight/RescoreLog/recordRescore(_:at:lease:)``.
    public func recordRescore(_ run: RescoreRun, at now: Timestamp, lease: Duration) async throws -> Bool {
        var parameters = ParameterBuffer()
        parameters.int64(run.id)
        parameters.int64(Int64(run.done))
        parameters.text(run.lastID)
        parameters.timestamp(run.ended)
        parameters.text(run.reason)
        parameters.timestamp(now)
        parameters.int64(lease.wholeMicroseconds)
        let sent = parameters
        return try await self.pool.withConnection("record a scoring of everyone") { connection in
            try connection.run(RescoreStatements.record, sent).changedRows == 1
        }
    }

    /// The run that was asked for last; see ``/ChurnInsight/RescoreLog/newestRescore()``.
    public func newestRescore() async throws -> RescoreRun? {
        try await self.pool.withConnection("read the scoring of everyone") { connection in
            Self.run(in: try connection.run(RescoreStatements.newest))
        }
    }

    private static func run(in rows: PostgresResult) -> RescoreRun? {
        guard rows.rowCount > 0 else { return nil }
        return RescoreRun(
            id: rows.int64(0, 0), version: rows.text(0, 1), requestedBy: rows.text(0, 2),
            requested: rows.timestamp(0, 3), done: Int(rows.int64(0, 4)), lastID: rows.optional(0, 5, rows.text),
            ended: rows.optional(0, 6, rows.timestamp), reason: rows.optional(0, 7, rows.text))
    }
}
