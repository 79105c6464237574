public import ChurnCore
public import ChurnInsight

extension PostgresStore {
    // Event numbers begin with the hour of their drawing, so that older partitions are not looked at.
    private static let newestReasons = Statement(
        name: "newest_reasons",
        sql: """
            SELECT l.recorded_at, \(CaseStatements.firstReason)
            FROM event_log l WHERE l.is_alert AND l.recorded_at >= $1::timestamptz
                AND l.event_id >= churn_event_hour($1::timestamptz) * \(EventNumbers.inAnHour)
            ORDER BY l.event_id DESC LIMIT \(TopReasons.mostAlerts)
            """)

    /// The first reasons of recent alerts; see ``/ChurnInsight/CustomerQueries/topReasons(since:)``.
    public func topReasons(since time: Timestamp) async throws -> TopReasons {
        var parameters = ParameterBuffer()
        parameters.timestamp(time.clampedToPostgres)
        let sent = parameters
        return try await self.pool.withConnection("read the reasons of alerts") { connection in
            let rows = try connection.run(Self.newestReasons, sent)
            let isWhole = rows.rowCount < TopReasons.mostAlerts
            return TopReasons(
                since: isWhole ? time : rows.timestamp(rows.rowCount - 1, 0),
                columns: (0..<rows.rowCount).map { rows.optional($0, 1, rows.text) })
        }
    }
}
