public import ChurnCore
public import ChurnInsight

extension PostgresStore: RiskSnapshotLog {
    private static let recordSnapshot = Statement(
        name: "record_snapshot",
        sql: """
            INSERT INTO risk_snapshots
                (hour, taken_at, critical, high, medium, low, customers, value_at_risk, mean_probability, at_risk)
            VALUES (date_trunc('hour', $1::timestamptz, 'UTC'), $1::timestamptz, $2::int8, $3::int8, $4::int8, $5::int8,
                $6::int8, $7::float8, $8::float8, $9::int8)
            ON CONFLICT (hour) DO NOTHING
            """)
    // They come from a clock that was ahead for a while; their hours are still to come.
    private static let forgetFuture = Statement(
        name: "forget_future_snapshots",
        sql: "DELETE FROM risk_snapshots WHERE taken_at > now() + interval '1 minute' AND taken_at > $1::timestamptz")
    private static let snapshotsSince = Statement(
        name: "snapshots_since",
        sql: """
            SELECT taken_at, critical, high, medium, low, customers, value_at_risk, mean_probability, at_risk
            FROM risk_snapshots WHERE taken_at >= $1::timestamptz
                AND hour >= date_trunc('hour', $1::timestamptz, 'UTC')
            ORDER BY hour
            """)
    /// The bands in the order of the columns.
    private static let bandColumns: [RiskBand] = [.critical, .high, .medium, .low]

    /// Keeps a snapshot, unless there is one of its hour; see ``/ChurnInsight/RiskSnapshotLog/record(_:)``.
    public func record(_ snapshot: RiskSnapshot) async throws {
        var parameters = ParameterBuffer()
        parameters.timestamp(snapshot.time)
        for band in Self.bandColumns { parameters.int64(Int64(snapshot.bands[band] ?? 0)) }
        parameters.int64(Int64(snapshot.customers))
        parameters.double(snapshot.valueAtRisk)
        if let mean = snapshot.meanProbability { parameters.double(mean) } else { parameters.null() }
        if let atRisk = snapshot.atRisk { parameters.int64(Int64(atRisk)) } else { parameters.null() }
        let sent = parameters
        var time = ParameterBuffer()
        time.timestamp(snapshot.time)
        let now = time
        try await self.pool.withConnection("keep the hour's figures") { connection in
            try connection.keepIfPossible {
                _ = try connection.run(Self.forgetFuture, now)
                _ = try connection.run(Self.recordSnapshot, sent)
            }
        }
    }

    /// The snapshots that were taken at `time` or later; see ``/ChurnInsight/RiskSnapshotLog/riskSnapshots(since:)``.
    public func riskSnapshots(since time: Timestamp) async throws -> [RiskSnapshot] {
        var parameters = ParameterBuffer()
        parameters.timestamp(time.clampedToPostgres)
        let sent = parameters
        return try await self.pool.withConnection("read the hours' figures") { connection in
            let rows = try connection.run(Self.snapshotsSince, sent)
            return (0..<rows.rowCount).map { row in
                let bands = Self.bandColumns.enumerated().map { ($1, Int(rows.int64(row, $0 + 1))) }
                return RiskSnapshot(
                    time: rows.timestamp(row, 0), customers: Int(rows.int64(row, 5)),
                    bands: Dictionary(uniqueKeysWithValues: bands.filter { $0.1 > 0 }),
                    valueAtRisk: rows.double(row, 6), meanProbability: rows.optional(row, 7, rows.double),
                    atRisk: rows.optional(row, 8, rows.int64).map(Int.init))
            }
        }
    }
}
