public import ChurnCore
public import ChurnInsight

extension PostgresStore: CaseStore {
    /// The cases that fit, newest first; see ``/ChurnInsight/CaseStore/cases(_:at:)``.
    public func cases(_ query: CaseQuery, at now: Timestamp) async throws -> CasePage {
        let texts = [query.assignee, query.customerID].compactMap(\.self)
        guard !texts.contains(where: { $0.utf8.contains(0) }) else { return CasePage(cases: [], hasMore: false) }
        let limit = max(1, query.limit)
        let statuses = query.statuses.isEmpty ? Set(CaseStatus.allCases) : query.statuses
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
            statement = CaseStatements.ofCustomer
        } else {
            let isActedOn = query.assignee != nil || !statuses.contains(.open)
            statement =
                isActedOn ? CaseStatements.acted : statuses == [.open] ? CaseStatements.open : CaseStatements.all
        }
        return try await self.cases(by: statement, parameters, limit: limit)
    }

    private func cases(
        by statement: Statement, _ parameters: ParameterBuffer, limit: Int
    ) async throws -> CasePage {
        try await self.pool.withConnection("read cases") { connection in
            let rows = try connection.run(statement, parameters)
            let cases = (0..<min(rows.rowCount, limit)).map { self.customerCase(in: rows, $0) }
            return CasePage(cases: try self.showing(cases, on: connection), hasMore: rows.rowCount > limit)
        }
    }

    /// One case; see ``/ChurnInsight/CaseStore/customerCase(id:)``.
    public func customerCase(id: Int64) async throws -> CustomerCase? {
        try await self.pool.withConnection("read a case") { try self.customerCase(id: id, on: $0) }
    }

    /// Returns the number of cases by status; see ``/ChurnInsight/CaseStore/caseCounts(openLimit:at:)``.
    public func caseCounts(openLimit: Int, at now: Timestamp) async throws -> [CaseStatus: Int] {
        var parameters = ParameterBuffer()
        parameters.timestamp(now)
        parameters.int64(Int64(max(0, openLimit)))
        let sent = parameters
        return try await self.pool.withConnection("count cases") { connection in
            let rows = try connection.run(CaseStatements.counts, sent)
            var counts: [CaseStatus: Int] = [:]
            for row in 0..<rows.rowCount {
                guard let status = CaseStatus(rawValue: rows.text(row, 0)), rows.int64(row, 1) > 0 else { continue }
                counts[status] = Int(rows.int64(row, 1))
            }
            return counts
        }
    }

    func customerCase(id: Int64, on connection: isolated PostgresConnection) throws -> CustomerCase? {
        var parameters = ParameterBuffer()
        parameters.int64(id)
        let rows = try connection.run(CaseStatements.one, parameters)
        guard rows.rowCount > 0 else { return nil }
        return try self.showing([self.customerCase(in: rows, 0)], on: connection).first
    }

    /// Cases beside their customers as they are now.
    private func showing(
        _ cases: [CustomerCase], on connection: isolated PostgresConnection
    ) throws -> [CustomerCase] {
        guard !cases.isEmpty else { return [] }
        let ids = self.lockStep(cases.map(\.customerID)).parameters
        let rows = try connection.run(self.statements.caseCustomers, ids)
        var customers: [CustomerKey: CaseCustomer] = [:]
        for row in 0..<rows.rowCount {
            var latest: LatestScore?
            if let probability = rows.optional(row, 1, rows.double), let time = rows.optional(row, 3, rows.timestamp),
                let band = rows.optional(row, 2, rows.text).flatMap(RiskBand.init(rawValue:))
            {
                latest = LatestScore(probability: probability, band: band, time: time)
            }
            customers[CustomerKey(rows.text(row, 0))] = CaseCustomer(
                latest: latest, leftAt: rows.optional(row, 5, rows.timestamp), isRemembered: rows.boolean(row, 4),
                in: self.domain)
        }
        return cases.map { customerCase in
            var shown = customerCase
            shown.customer = customers[CustomerKey(customerCase.customerID)]
            return shown
        }
    }

    private func customerCase(in rows: PostgresResult, _ row: Int) -> CustomerCase {
        let probability = rows.double(row, 5)
        var handling = CaseHandling()
        if let status = rows.optional(row, 6, rows.text).flatMap(CaseStatus.init(rawValue:)) {
            handling = CaseHandling(
                status: status, assignee: rows.optional(row, 7, rows.text),
                snoozedUntil: rows.optional(row, 8, rows.timestamp), outcome: rows.optional(row, 9, rows.text),
                changedBy: rows.text(row, 10), changedAt: rows.timestamp(row, 11), version: rows.int64(row, 12))
        }
        var customerCase = CustomerCase(
            id: rows.int64(row, 0), customerID: rows.text(row, 1), eventType: EventType(rawValue: rows.text(row, 2)),
            eventTime: rows.timestamp(row, 3), raisedAt: rows.timestamp(row, 4), probability: probability,
            band: self.bands.band(of: probability), handling: handling)
        customerCase.reason = rows.optional(row, 13, rows.text)
        return customerCase
    }
}
