import ChurnCore

/// The statements that read alerts.
///
/// Parameters: $1 numbers below it, $2 now, $3 statuses, $4 bands, $5 where the bands critical, high and medium begin,
/// $6 the assignee or NULL, $7 the limit, $8 the customer in the statement of one.
private enum AlertStatements {
    static let columns = """
        SELECT l.event_id, l.user_id, l.event_type, l.event_timestamp, l.recorded_at, l.churn_probability,
            s.status, s.assignee, s.snoozed_until, s.outcome, s.changed_by, s.changed_at, s.version
        """
    private static let status = """
        CASE WHEN s.status IS NULL OR (s.status = 'snoozed' AND s.snoozed_until <= $2::timestamptz) THEN 'open'
            ELSE s.status END
        """
    private static let conditions = """
        l.became_at_risk AND (\(status)) = ANY($3::text[])
            AND (CASE WHEN l.churn_probability >= ($5::float8[])[1] THEN 'Critical'
                WHEN l.churn_probability > ($5::float8[])[2] THEN 'High'
                WHEN l.churn_probability > ($5::float8[])[3] THEN 'Medium' ELSE 'Low' END) = ANY($4::text[])
            AND ($6::text IS NULL OR s.assignee = $6::text)
        """
    private static let untouched = "FROM event_log l LEFT JOIN alert_states s ON s.event_id = l.event_id"

    // Bands that lie wholly below every alert are found out by one look, before all alerts are gone through for none:
    // below the threshold, which makes alerts, there are two of them.
    static let all = Statement(
        name: "alerts",
        sql: """
            \(columns) \(untouched) WHERE l.event_id < $1::int8 AND \(conditions)
                AND (CASE WHEN 'Critical' = ANY($4::text[]) THEN 'infinity' WHEN 'High' = ANY($4::text[])
                    THEN ($5::float8[])[1] WHEN 'Medium' = ANY($4::text[]) THEN ($5::float8[])[2]
                    ELSE ($5::float8[])[3] END)
                    >= (SELECT min(churn_probability) FROM event_log WHERE became_at_risk)
            ORDER BY l.event_id DESC LIMIT $7::int8
            """)

    // Of the open ones, which is what most people look at, with $3 for the limit. The index tells which they are, however
    // many newer ones were acted on; the rows are looked at afterwards.
    static let open = Statement(
        name: "open_alerts",
        sql: """
            \(columns) FROM (
                SELECT i.event_id FROM event_log i
                WHERE i.became_at_risk AND i.event_id < $1::int8 AND NOT EXISTS (
                    SELECT 1 FROM alert_states s WHERE s.event_id = i.event_id AND (\(status)) <> 'open')
                ORDER BY i.event_id DESC LIMIT $3::int8
            ) AS i JOIN event_log l ON l.event_id = i.event_id LEFT JOIN alert_states s ON s.event_id = l.event_id
            ORDER BY l.event_id DESC
            """)

    static let ofCustomer = Statement(
        name: "alerts_of_customer",
        sql: """
            \(columns) \(untouched) WHERE l.user_id = $8::text AND l.event_id < $1::int8 AND \(conditions)
            ORDER BY l.event_id DESC LIMIT $7::int8
            """)

    // What nobody acted on cannot fit: only the rows of those who did are looked at.
    static let touched = Statement(
        name: "touched_alerts",
        sql: """
            \(columns) FROM alert_states s JOIN event_log l ON l.event_id = s.event_id
            WHERE s.event_id < $1::int8 AND \(conditions)
            ORDER BY s.event_id DESC LIMIT $7::int8
            """)

    static let one = Statement(
        name: "one_alert", sql: "\(columns) \(untouched) WHERE l.event_id = $1::int8 AND l.became_at_risk")

    // The open ones are all but those that stand otherwise. Rows of pruned events count until retention takes them too:
    // a join would look at every alert that there ever was.
    static let counts = Statement(
        name: "alert_counts",
        sql: """
            WITH touched AS (
                SELECT CASE WHEN s.status = 'snoozed' AND s.snoozed_until <= $1::timestamptz THEN 'open'
                    ELSE s.status END AS status, count(*) AS alerts
                FROM alert_states s GROUP BY 1
            ), taken AS (SELECT coalesce(sum(alerts), 0)::int8 AS alerts FROM touched WHERE status <> 'open')
            SELECT status, alerts FROM touched WHERE status <> 'open'
            UNION ALL
            SELECT 'open', (SELECT count(*) FROM (SELECT 1 FROM event_log WHERE became_at_risk
                LIMIT (SELECT alerts FROM taken) + $2::int8) AS l) - (SELECT alerts FROM taken)
            """)
}

extension PostgresStore: AlertBoard {
    /// The alerts that fit, newest first; see ``AlertBoard/alerts(_:at:)``.
    public func alerts(_ query: AlertQuery, at now: Timestamp) async throws -> AlertPage {
        let texts = [query.assignee, query.customerID].compactMap(\.self)
        guard !texts.contains(where: { $0.utf8.contains(0) }) else { return AlertPage(alerts: [], hasMore: false) }
        let limit = max(1, query.limit)
        let statuses = query.statuses.isEmpty ? Set(AlertStatus.allCases) : query.statuses
        let bands = query.bands.isEmpty ? Set(RiskBand.allCases) : query.bands
        var parameters = ParameterBuffer()
        parameters.int64(query.before ?? Int64.max)
        parameters.timestamp(now)
        if statuses == [.open], bands.count == RiskBand.allCases.count, query.assignee == nil, query.customerID == nil {
            parameters.int64(Int64(limit) + 1)
            return try await self.alerts(by: AlertStatements.open, parameters, limit: limit)
        }
        parameters.array(of: .text, statuses) { $0.text($1.rawValue) }
        parameters.array(of: .text, bands) { $0.text($1.rawValue) }
        parameters.array(of: .double, [self.bands.critical, self.bands.high, self.bands.medium]) { $0.double($1) }
        parameters.text(query.assignee)
        parameters.int64(Int64(limit) + 1)
        let statement: Statement
        if let customer = query.customerID {
            parameters.text(customer)
            statement = AlertStatements.ofCustomer
        } else {
            let isTouched = query.assignee != nil || !statuses.contains(.open)
            statement = isTouched ? AlertStatements.touched : AlertStatements.all
        }
        return try await self.alerts(by: statement, parameters, limit: limit)
    }

    private func alerts(
        by statement: Statement, _ parameters: ParameterBuffer, limit: Int
    ) async throws -> AlertPage {
        try await self.pool.withConnection("read alerts") { connection in
            let rows = try connection.run(statement, parameters)
            return AlertPage(
                alerts: (0..<min(rows.rowCount, limit)).map { self.alert(in: rows, $0) },
                hasMore: rows.rowCount > limit)
        }
    }

    /// One alert; see ``AlertBoard/alert(id:)``.
    public func alert(id: Int64) async throws -> Alert? {
        try await self.pool.withConnection("read an alert") { try self.alert(id: id, on: $0) }
    }

    /// How many alerts stand how; see ``AlertBoard/alertCounts(openLimit:at:)``.
    public func alertCounts(openLimit: Int, at now: Timestamp) async throws -> [AlertStatus: Int] {
        var parameters = ParameterBuffer()
        parameters.timestamp(now)
        parameters.int64(Int64(max(0, openLimit)))
        let sent = parameters
        return try await self.pool.withConnection("count alerts") { connection in
            let rows = try connection.run(AlertStatements.counts, sent)
            var counts: [AlertStatus: Int] = [:]
            for row in 0..<rows.rowCount {
                guard let status = AlertStatus(rawValue: rows.text(row, 0)), rows.int64(row, 1) > 0 else { continue }
                counts[status] = Int(rows.int64(row, 1))
            }
            return counts
        }
    }

    func alert(id: Int64, on connection: isolated PostgresConnection) throws -> Alert? {
        var parameters = ParameterBuffer()
        parameters.int64(id)
        let rows = try connection.run(AlertStatements.one, parameters)
        return rows.rowCount == 0 ? nil : self.alert(in: rows, 0)
    }

    private func alert(in rows: PostgresResult, _ row: Int) -> Alert {
        let probability = rows.double(row, 5)
        var handling = AlertHandling()
        if let status = rows.optional(row, 6, rows.text).flatMap(AlertStatus.init(rawValue:)) {
            handling = AlertHandling(
                status: status, assignee: rows.optional(row, 7, rows.text),
                snoozedUntil: rows.optional(row, 8, rows.timestamp), outcome: rows.optional(row, 9, rows.text),
                changedBy: rows.text(row, 10), changedAt: rows.timestamp(row, 11), version: rows.int64(row, 12))
        }
        return Alert(
            id: rows.int64(row, 0), customerID: rows.text(row, 1), eventType: EventType(rawValue: rows.text(row, 2)),
            eventTime: rows.timestamp(row, 3), raisedAt: rows.timestamp(row, 4), probability: probability,
            band: self.bands.band(of: probability), handling: handling)
    }
}
