extension CustomerProjectionFeed {
    /// So many customers are looked up at once, so that others wait for few.
    private static let portion = 512

    /// The newest alerts of all customers.
    ///
    /// A page of at most ``Configuration/longestReadPage`` shows customers as the store has them. On a longer one they
    /// are as the projection knows them: events are in it within a moment, other programs' changes of features when
    /// everything is loaded anew.
    public func alerts(before eventID: Int64?, limit: Int) async throws -> [LoggedAlert] {
        guard limit > self.configuration.longestReadPage, self.state.withLock({ $0.projection != nil }) else {
            return try await self.reader.alerts(before: eventID, limit: limit)
        }
        var alerts = try await self.reader.alertEvents(before: eventID, limit: limit)
        var unknown: [Int] = []
        for start in stride(from: 0, to: alerts.count, by: Self.portion) {
            let end = min(start + Self.portion, alerts.count)
            let shown = self.state.withLock { state in
                state.projection?.shown(of: alerts[start..<end].lazy.map(\.customerID)) ?? []
            }
            for (index, values) in zip(start..<end, shown) {
                alerts[index].shown = values
                if values == nil { unknown.append(index) }
            }
        }
        guard !unknown.isEmpty else { return alerts }
        // They came since the projection was read last, or are gone.
        let states = try await self.reader.states(for: unknown.map { alerts[$0].customerID })
        let fields = self.store.domain.updateFields
        for index in unknown {
            alerts[index].shown = states.state(of: alerts[index].customerID).map { state in
                fields.map { state.features[$0.feature] }
            }
        }
        return alerts
    }
}
