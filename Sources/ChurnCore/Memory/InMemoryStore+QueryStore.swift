extension InMemoryStore: QueryStore {
    /// All customers at one moment; see ``QueryStore/snapshot(scoresSince:_:)``.
    public func snapshot(
        scoresSince hour: Timestamp?, _ receive: @escaping @Sendable ([ProjectedCustomer]) -> Void
    ) async throws -> StoreSnapshot {
        let (now, domain, shown) = (self.now(), self.domain, ShownFeatures(self.domain))
        let (customers, snapshot) = self.tables.withLock { tables in
            let customers = tables.customers.values.map {
                ProjectedCustomer($0.state, in: domain, showing: shown)
            }
            let hours = tables.hourly.hours.map {
                StoreSnapshot.HourSum(hour: HourlyScores.start(of: $0), sum: $1.sum, scores: $1.scores)
            }
            return (customers, StoreSnapshot(cursor: tables.updates.end, hours: hours, time: now))
        }
        receive(customers.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) })
        receive([])
        var result = snapshot
        if let hour { result.hours.removeAll { $0.hour < hour } }
        return result
    }

    /// What was written after a cursor; see ``QueryStore/changes(after:limit:)``.
    ///
    /// The log keeps no times: what is new counts as recorded now.
    public func changes(after cursor: UpdateCursor, limit: Int) async throws -> StoreChanges {
        let now = self.now()
        return StoreChanges(try await self.updates(after: cursor, limit: limit), after: cursor) { _ in now }
    }

    /// What a projection keeps of customers; see ``QueryStore/projectedCustomers(_:)``.
    public func projectedCustomers(_ ids: [String]) async throws -> [ProjectedCustomer] {
        let shown = ShownFeatures(self.domain)
        return try await self.states(for: ids).values.map { ProjectedCustomer($0, in: self.domain, showing: shown) }
    }

    /// The newest alerts without their customers; see ``QueryStore/alertEvents(before:limit:portion:_:)``.
    public func alertEvents(
        before eventID: Int64?, limit: Int, portion: Int, _ receive: @escaping @Sendable (LoggedAlerts) -> Void
    ) async throws {
        let (domain, portion) = (self.domain, max(portion, 1))
        let alerts = self.tables.withLock { tables in
            tables.newestAlerts.page(before: eventID, limit: limit).map { LoggedAlert($0, of: nil, in: domain) }
        }
        for start in stride(from: 0, to: alerts.count, by: portion) {
            receive(LoggedAlerts(Array(alerts[start..<min(start + portion, alerts.count)])))
        }
    }
}
