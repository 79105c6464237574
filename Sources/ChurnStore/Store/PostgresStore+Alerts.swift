import ChurnCore
import ChurnInsight

extension PostgresStore: AlertStore {
    /// The alerts that fit, newest first; see ``AlertStore/alerts(_:at:)``.
    public func alerts(_ query: AlertQuery, at now: Timestamp) async throws -> AlertPage {
        let texts = [query.assignee, query.customerID].compactMap(\.self)
        guard !texts.contains(where: { $0.utf8.contains(0) }) else { return AlertPage(alerts: [], hasMore: false) }
        let limit = max(1, query.limit)
        let statuses = query.statuses.isEmpty ? Set(AlertStatus.allCases) : query.statuses
        let bands = query.bands.isEmpty ? Set(RiskBand.allCases) : query.bands
        var parameters = ParameterBuffer()
        parameters.int64(query.before ?? Int64.max)
        parameters.timestamp(now)
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
            let isActedOn = query.assignee != nil || !statuses.contains(.open)
            statement =
                isActedOn ? AlertStatements.acted : statuses == [.open] ? AlertStatements.open : AlertStatements.all
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

    /// One alert; see ``AlertStore/alert(id:)``.
    public func alert(id: Int64) async throws -> Alert? {
        try await self.pool.withConnection("read an alert") { try self.alert(id: id, on: $0) }
    }

    /// Returns the number of alerts by status; see ``AlertStore/alertCounts(openLimit:at:)``.
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
