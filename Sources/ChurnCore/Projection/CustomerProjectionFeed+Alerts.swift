extension CustomerProjectionFeed {
    /// So many customers are looked up at once, so that others wait for few.
    private static let lookedUpAtOnce = 512

    /// The newest alerts of all customers.
    ///
    /// A page of at most ``Configuration/longestReadPage`` shows customers as the store has them. On a longer one they
    /// are as the projection knows them: events are in it within a moment, other programs' changes of features when
    /// everything is loaded anew.
    public func alerts(before eventID: Int64?, limit: Int) async throws -> [LoggedAlert] {
        var all: [LoggedAlert] = []
        try await self.alerts(before: eventID, limit: limit) { all += $0 }
        return all
    }

    /// The newest alerts of all customers in portions; see ``alerts(before:limit:)``.
    public func alerts(before eventID: Int64?, limit: Int, _ use: ([LoggedAlert]) throws -> Void) async throws {
        guard limit > self.configuration.longestReadPage, self.state.withLock({ $0.projection != nil }) else {
            return try use(try await self.reader.alerts(before: eventID, limit: limit))
        }
        // Reading, looking up and using run side by side. A stream holds one page at most, which the stage before may
        // fill faster than the next one takes it.
        let (read, readInput) = AsyncStream.makeStream(of: [LoggedAlert].self)
        let (shown, shownInput) = AsyncStream.makeStream(of: [LoggedAlert].self)
        async let reading: Void = self.readAlerts(before: eventID, limit: limit, into: readInput)
        async let showing: Void = self.showAlerts(read, into: shownInput)
        for await portion in shown { try use(portion) }
        // A failure and a cancellation end the portions too.
        try await reading
        try await showing
        try Task.checkCancellation()
    }

    private func readAlerts(
        before eventID: Int64?, limit: Int, into portions: AsyncStream<[LoggedAlert]>.Continuation
    ) async throws {
        defer { portions.finish() }
        try await self.reader.alertEvents(before: eventID, limit: limit, portion: self.configuration.alertPortion) {
            portions.yield($0)
        }
    }

    private func showAlerts(
        _ read: AsyncStream<[LoggedAlert]>, into shown: AsyncStream<[LoggedAlert]>.Continuation
    ) async throws {
        defer { shown.finish() }
        for await var portion in read {
            try await self.show(&portion)
            shown.yield(portion)
        }
    }

    /// Adds what is shown of their customers to alerts.
    private func show(_ alerts: inout [LoggedAlert]) async throws {
        var unknown: [Int] = []
        for start in stride(from: 0, to: alerts.count, by: Self.lookedUpAtOnce) {
            let end = min(start + Self.lookedUpAtOnce, alerts.count)
            let ids = alerts[start..<end].map(\.customerID)
            let shown = self.state.withLock { $0.projection?.shown(of: ids) ?? [] }
            for (index, values) in zip(start..<end, shown) {
                alerts[index].shown = values
                if values == nil { unknown.append(index) }
            }
        }
        guard !unknown.isEmpty else { return }
        // They came since the projection was read last, or are gone.
        let states = try await self.reader.states(for: unknown.map { alerts[$0].customerID })
        let fields = self.store.domain.updateFields
        for index in unknown {
            alerts[index].shown = states.state(of: alerts[index].customerID).map { state in
                fields.map { state.features[$0.feature] }
            }
        }
    }
}
