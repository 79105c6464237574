public import ChurnCore

extension CustomerProjectionFeed {
    private func withProjection<Result>(_ body: (CustomerProjection) -> Result) throws -> Result {
        let result = self.state.withLock { state in state.projection.map(body) }
        guard let result else {
            throw ChurnError(
                .storeUnavailable, .retry, during: "query customers",
                advice: "The customers are still being loaded; ask again in a moment.")
        }
        return result
    }

    /// The memory that the projection holds, in bytes.
    package var projectionBytes: Int { self.state.withLock { $0.projection?.byteCount ?? 0 } }

    /// Returns a summary of the customer base.
    public func riskSummary(at now: Timestamp) async throws -> RiskSummary {
        var (summary, hourly) = try self.withProjection { ($0.summary(at: now), $0.hourly) }
        summary.take(self.state.withLock { $0.snapshots }, hourly, at: now)
        return summary
    }

    /// Returns the counts of life-cycle stages, segments and bands together.
    public func riskAnalytics() async throws -> RiskAnalytics {
        let hasTenure = self.store.domain.tenureFeature != nil
        return try self.withProjection { $0.analytics(hasTenure: hasTenure) }
    }

    /// A page of the watchlist: chosen by the projection, read from the store.
    public func watchlist(_ query: WatchlistQuery) async throws -> WatchlistPage {
        let page = try self.withProjection { $0.page(query) }
        guard !page.ids.isEmpty else { return WatchlistPage(customers: [], total: page.total, next: page.next) }
        let states = try await self.reader.states(inOrderOf: page.ids)
        return WatchlistPage(customers: states.compactMap(\.self), total: page.total, next: page.next)
    }

    /// The newest events of all customers.
    public func events(before eventID: Int64?, limit: Int) async throws -> [LoggedEvent] {
        try await self.reader.events(before: eventID, limit: limit)
    }

    /// The newest of what happened to one customer.
    public func timeline(of customerID: String, before time: Timestamp?, limit: Int) async throws -> [TimelineEntry]? {
        try await self.reader.timeline(of: customerID, before: time, limit: limit)
    }

    /// The events that moved a customer's score.
    public func scoreChanges(of customerID: String, limit: Int) async throws -> [RecentEvent]? {
        try await self.reader.scoreChanges(of: customerID, limit: limit)
    }

    /// The first reasons of recent alerts.
    public func topReasons(since time: Timestamp) async throws -> TopReasons {
        try await self.reader.topReasons(since: time)
    }

    /// The features that matter most.
    public func featureImportances(
        segment: String?, modelVersion: String?, limit: Int
    ) async throws -> [FeatureImportance] {
        try await self.reader.featureImportances(segment: segment, modelVersion: modelVersion, limit: limit)
    }

    /// Sees everything that was written before the call: loads everything again, which takes seconds for a million
    /// customers.
    public func refresh() async throws { try await self.reload() }
}
