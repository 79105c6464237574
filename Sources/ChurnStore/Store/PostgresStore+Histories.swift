public import ChurnCore
public import ChurnInsight

extension PostgresStore {
    static let loggedColumns = """
        SELECT event_id, event_type, event_timestamp, event_data, churn_probability, user_id, is_alert, became_at_risk
        FROM event_log
        """
    private static let newestEvents = Statement(
        name: "newest_events",
        sql: PostgresStore.loggedColumns
            + " WHERE event_type IS NOT NULL AND event_id < $1::int8 ORDER BY event_id DESC LIMIT $2::int8")
    private static func newestAlerts(limit: String) -> String {
        """
        SELECT event_id, user_id, event_type, event_timestamp, churn_probability, became_at_risk FROM event_log
        WHERE is_alert AND event_id < $1::int8 ORDER BY event_id DESC LIMIT \(limit)
        """
    }
    private static let newestAlerts = Statement(
        name: "newest_alerts", sql: PostgresStore.newestAlerts(limit: "$2::int8"))
    // With its length written out PostgreSQL knows what a portion costs, and plans it once rather than every time.
    private static func alertPortion(_ length: Int) -> Statement {
        let newest = Self.newestAlerts(limit: String(length))
        return Statement(name: "alert_portion_\(length)", sql: "SELECT * FROM (\(newest)) AS newest LIMIT $2::int8")
    }
    // Sorts all rows of one customer: a second index by the time of the event would make every write more expensive.
    private static let timelineEvents = Statement(
        name: "timeline_events",
        sql: PostgresStore.withChanges(
            PostgresStore.loggedColumns + """
                 WHERE user_id = $1::text AND ($2::timestamptz IS NULL OR event_timestamp < $2::timestamptz)
                ORDER BY event_timestamp DESC, event_id DESC LIMIT $3::int8
                """, order: "t.event_timestamp DESC, t.event_id DESC"))
    private static let timelineInterventions = Statement(
        name: "timeline_interventions",
        sql: """
            \(PostgresStore.interventionColumns) FROM intervention_log
            WHERE customer_id = $1::text AND ($2::timestamptz IS NULL OR log_timestamp < $2::timestamptz)
            ORDER BY log_timestamp DESC, log_id DESC LIMIT $3::int8
            """)

    /// The newest events of all customers; see ``/ChurnInsight/CustomerQueries/events(before:limit:)``.
    public func events(before eventID: Int64?, limit: Int) async throws -> [LoggedEvent] {
        let parameters = Self.page(before: eventID, limit: limit)
        return try await self.pool.withConnection("read events") { connection in
            self.loggedEvents(in: try connection.run(Self.newestEvents, parameters))
        }
    }

    /// The newest alerts with their customers; see ``/ChurnInsight/CustomerQueries/alerts(before:limit:)``.
    public func alerts(before eventID: Int64?, limit: Int) async throws -> [LoggedAlert] {
        let parameters = Self.page(before: eventID, limit: limit)
        return try await self.pool.withConnection("read alerts") { connection in
            let alerts = Self.alertEvents(in: try connection.run(Self.newestAlerts, parameters))
            var all = Array(alerts)
            let ids = self.lockStep(all.map(\.customerID)).parameters
            let shown = self.projection.shown(in: try connection.run(self.projection.shownByID, ids))
            for index in all.indices { all[index].shown = shown[CustomerKey(all[index].customerID)] }
            return all
        }
    }

    /// The newest alerts without their customers; see ``/ChurnInsight/QueryStore/alertEvents(before:limit:portion:_:)``.
    public func alertEvents(
        before eventID: Int64?, limit: Int, portion: Int, _ receive: @escaping @Sendable (LoggedAlerts) -> Void
    ) async throws {
        let portion = max(portion, 1)
        let statement = Self.alertPortion(portion)
        @Sendable func step(before eventID: Int64?, limit: Int) -> Step {
            Step(statement: statement, parameters: Self.page(before: eventID, limit: min(limit, portion)))
        }
        try await self.pool.withConnection("read alerts") { connection in
            var left = limit
            try connection.run(step(before: eventID, limit: left)) { rows in
                left -= rows.rowCount
                guard left > 0, rows.rowCount >= portion else { return nil }
                return step(before: rows.int64(rows.rowCount - 1, 0), limit: left)
            } use: { rows in
                if rows.rowCount > 0 { receive(Self.alertEvents(in: rows)) }
            }
        }
    }

    private static func alertEvents(in rows: PostgresResult) -> LoggedAlerts {
        let all = 0..<rows.rowCount
        return LoggedAlerts(
            eventIDs: all.map { rows.int64($0, 0) }, customerIDs: rows.texts(1), types: rows.texts(2),
            times: all.map { rows.timestamp($0, 3) }, probabilities: all.map { rows.optional($0, 4, rows.double) },
            becameAtRisk: all.map { rows.boolean($0, 5) })
    }

    /// The newest of what happened to one customer; see ``/ChurnInsight/CustomerQueries/timeline(of:before:limit:)``.
    public func timeline(of customerID: String, before time: Timestamp?, limit: Int) async throws -> [TimelineEntry]? {
        guard !customerID.utf8.contains(0) else { return nil }
        var parameters = ParameterBuffer()
        parameters.text(customerID)
        if let time { parameters.timestamp(time.clampedToPostgres) } else { parameters.null() }
        parameters.int64(Int64(max(limit, 0)))
        let steps = [
            Step(statement: self.projection.byID, parameters: self.lockStep([customerID]).parameters),
            Step(statement: Self.timelineEvents, parameters: parameters),
            Step(statement: Self.timelineInterventions, parameters: parameters),
            Step(statement: CaseStepStatements.ofCustomer, parameters: parameters),
        ]
        return try await self.pool.withConnection("read a timeline") { connection in
            let results = try connection.run(steps).map { try $0.get() }
            guard results[0].rowCount == 1 else { return nil }
            let entries =
                self.entries(in: results[1]) + Self.interventions(in: results[2]).map(TimelineEntry.intervention)
                + (try (0..<results[3].rowCount).map { .step(try Self.caseChange(in: results[3], $0)) })
            return Array(entries.sorted { $0.isNewer(than: $1) }.prefix(max(limit, 0)))
        }
    }

    private static func page(before eventID: Int64?, limit: Int) -> ParameterBuffer {
        var parameters = ParameterBuffer()
        parameters.int64(eventID ?? Int64.max)
        parameters.int64(Int64(max(limit, 0)))
        return parameters
    }

    private func loggedEvents(in rows: PostgresResult) -> [LoggedEvent] {
        zip(0..<rows.rowCount, self.events(in: rows)).map { row, event in
            LoggedEvent(
                customerID: rows.text(row, 5), event: event, isAlert: rows.boolean(row, 6),
                becameAtRisk: rows.boolean(row, 7))
        }
    }

    /// Rows without a type are scores without an event.
    private func entries(in rows: PostgresResult) -> [TimelineEntry] {
        zip(0..<rows.rowCount, self.changedEvents(in: rows)).map { row, event in
            if rows.isNull(row, 1), let probability = event.probability {
                return .score(eventID: event.eventID, time: event.time, probability: probability)
            }
            return .event(event)
        }
    }
}
