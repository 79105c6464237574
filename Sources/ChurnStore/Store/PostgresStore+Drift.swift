public import ChurnCore
public import ChurnInsight

/// The statements of the log of drift.
private enum DriftStatements {
    // Two processes find a shift at the same moment: the second waits for the first and sees its row.
    static let lock = Statement(name: "lock_drift", sql: "LOCK TABLE drift_episodes IN SHARE ROW EXCLUSIVE MODE")
    static let begin = Statement(
        name: "begin_drift",
        sql: """
            INSERT INTO drift_episodes (version, columns, drift_window, began_at)
            SELECT $1::text, $2::text[], $3::text, $4::timestamptz WHERE NOT EXISTS (
                SELECT 1 FROM drift_episodes WHERE version = $1::text AND ended_at IS NULL
                    AND (columns && $2::text[] OR began_at > $4::timestamptz - $5::int8 * interval '1 microsecond'))
            RETURNING episode_id
            """)
    static let end = Statement(
        name: "end_drift",
        sql: """
            UPDATE drift_episodes SET ended_at = $2::timestamptz WHERE episode_id = $1::int8 AND ended_at IS NULL
            """)
    static let list = Statement(
        name: "drift_episodes",
        sql: """
            SELECT episode_id, version, columns, drift_window, began_at, ended_at FROM drift_episodes
            WHERE ended_at IS NULL OR ended_at >= $1::timestamptz ORDER BY episode_id
            """)
}

extension PostgresStore: DriftLog {
    /// Begins an episode; see ``/ChurnInsight/DriftLog/beginDrift(of:columns:window:at:)``.
    public func beginDrift(
        of version: String, columns: [String], window: DriftWindow, at time: Timestamp
    ) async throws -> DriftEpisode? {
        var parameters = ParameterBuffer()
        parameters.text(version)
        parameters.array(of: .text, columns) { $0.text($1) }
        parameters.text(window.rawValue)
        parameters.timestamp(time)
        parameters.int64(DriftEpisode.pause.wholeMicroseconds)
        let sent = parameters
        return try await self.pool.withConnection("begin an episode of drift") { connection in
            try connection.transaction {
                _ = try connection.run(DriftStatements.lock, ParameterBuffer())
                let rows = try connection.run(DriftStatements.begin, sent)
                guard rows.rowCount > 0 else { return nil }
                return DriftEpisode(
                    id: rows.int64(0, 0), version: version, columns: columns, window: window, began: time)
            }
        }
    }

    /// Ends an episode; see ``/ChurnInsight/DriftLog/endDrift(_:at:)``.
    public func endDrift(_ id: Int64, at time: Timestamp) async throws -> Bool {
        var parameters = ParameterBuffer()
        parameters.int64(id)
        parameters.timestamp(time)
        let sent = parameters
        return try await self.pool.withConnection("end an episode of drift") { connection in
            try connection.run(DriftStatements.end, sent).changedRows == 1
        }
    }

    /// The episodes that last or are recent; see ``/ChurnInsight/DriftLog/driftEpisodes(since:)``.
    public func driftEpisodes(since time: Timestamp) async throws -> [DriftEpisode] {
        var parameters = ParameterBuffer()
        parameters.timestamp(time)
        let sent = parameters
        return try await self.pool.withConnection("read episodes of drift") { connection in
            let rows = try connection.run(DriftStatements.list, sent)
            return (0..<rows.rowCount).map { row in
                DriftEpisode(
                    id: rows.int64(row, 0), version: rows.text(row, 1), columns: rows.texts(row, 2),
                    window: DriftWindow(rawValue: rows.text(row, 3)) ?? .month, began: rows.timestamp(row, 4),
                    ended: rows.optional(row, 5, rows.timestamp))
            }
        }
    }
}
