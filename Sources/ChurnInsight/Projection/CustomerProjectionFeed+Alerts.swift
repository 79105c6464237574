import ChurnCore

extension CustomerProjectionFeed {
    /// The newest alerts of all customers.
    ///
    /// A page of at most ``Configuration/longestReadPage`` shows customers as the store has them. On a longer one they
    /// are as the projection knows them: events are in it within a moment, other programs' changes of features when
    /// everything is loaded again.
    public func alerts(before eventID: Int64?, limit: Int) async throws -> [LoggedAlert] {
        var all: [LoggedAlert] = []
        try await self.alerts(before: eventID, limit: limit) { all += $0 }
        return all
    }

    /// The newest alerts of all customers in portions; see ``alerts(before:limit:)``.
    public func alerts(before eventID: Int64?, limit: Int, _ use: (LoggedAlerts) throws -> Void) async throws {
        guard limit > self.configuration.longestReadPage, self.state.withLock({ $0.projection != nil }) else {
            return try use(LoggedAlerts(try await self.reader.alerts(before: eventID, limit: limit)))
        }
        // A portion is looked up and used while the store reads the next one, which takes it longer. The stream holds
        // one page at most.
        let (read, input) = AsyncStream.makeStream(of: LoggedAlerts.self)
        async let reading: Void = self.readAlerts(before: eventID, limit: limit, into: input)
        for await var portion in read {
            try await self.show(&portion)
            try use(portion)
        }
        // A failure and a cancellation end the portions too.
        try await reading
        try Task.checkCancellation()
    }

    private func readAlerts(
        before eventID: Int64?, limit: Int, into portions: AsyncStream<LoggedAlerts>.Continuation
    ) async throws {
        defer { portions.finish() }
        try await self.reader.alertEvents(before: eventID, limit: limit, portion: self.configuration.alertPortion) {
            portions.yield($0)
        }
    }

    /// Adds what is shown of their customers to alerts.
    private func show(_ alerts: inout LoggedAlerts) async throws {
        let ids = alerts.customerIDs
        let fields = self.store.domain.updateFields
        var shown =
            self.state.withLock { $0.projection?.shown(of: ids) }
            ?? ShownColumns(unknown: ids.count, fields: fields.count)
        let unknown = shown.areKnown.indices.filter { !shown.areKnown[$0] }
        if !unknown.isEmpty {
            // They came since the projection was read last, or are gone.
            let states = try await self.reader.states(for: unknown.map { ids[$0] })
            shown.add(
                unknown.compactMap { index in
                    states.state(of: ids[index]).map { state in (index, fields.map { state.features[$0.feature] }) }
                })
        }
        alerts.shown = shown
    }
}
