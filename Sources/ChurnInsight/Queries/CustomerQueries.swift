public import ChurnCore

/// Queries about a customer base: read often, never on the path of an event.
///
/// Answers may lag behind what was written by a stated, short time; `refresh` bounds it.
public protocol CustomerQueries: Sendable {
    /// Returns a summary of the customer base, with the trend of the 24 hours before `now`.
    func riskSummary(at now: Timestamp) async throws -> RiskSummary
    /// Returns the counts of life-cycle stages, segments and bands together.
    func riskAnalytics() async throws -> RiskAnalytics
    /// A page of the watchlist, with customers as they are now.
    ///
    /// A customer that moved out of the filter since the page was made up may still be on it.
    func watchlist(_ query: WatchlistQuery) async throws -> WatchlistPage
    /// The newest events of all customers, newest first: those with numbers below `eventID`, nil for the newest.
    func events(before eventID: Int64?, limit: Int) async throws -> [LoggedEvent]
    /// The newest alerts of all customers, newest first: those with numbers below `eventID`, nil for the newest.
    func alerts(before eventID: Int64?, limit: Int) async throws -> [LoggedAlert]
    /// The same alerts in the same order, in portions: `use` has one while the next may already be on its way.
    ///
    /// What `use` throws ends the reading.
    func alerts(before eventID: Int64?, limit: Int, _ use: (LoggedAlerts) throws -> Void) async throws
    /// The newest of what happened to one customer, newest first, from before `time` (nil for the newest); nil where
    /// there is no such customer.
    ///
    /// Events stand at the time that they carry. Of equal times, steps about cases stand first, then interventions, then
    /// larger numbers. What
    /// shares the time of a page's last entry and did not fit is not on the next page either.
    func timeline(of customerID: String, before time: Timestamp?, limit: Int) async throws -> [TimelineEntry]?
    /// The newest events that moved a customer's score, newest first, each with its change; nil where there is no such
    /// customer.
    func scoreChanges(of customerID: String, limit: Int) async throws -> [RecentEvent]?
    /// The features that matter most to a model, largest first, then by name; empty before they were computed.
    ///
    /// - `segment`: over this segment's customers only; nil for all customers.
    /// - `modelVersion`: the model; nil for the one that was summed up last.
    func featureImportances(segment: String?, modelVersion: String?, limit: Int) async throws -> [FeatureImportance]
    /// The first reasons of the alerts that were recorded at `time` or later, of the newest of them where they are many.
    func topReasons(since time: Timestamp) async throws -> TopReasons
    /// Sees everything that was written before the call.
    func refresh() async throws
}

extension CustomerQueries {
    /// No reasons: for what keeps none.
    public func topReasons(since time: Timestamp) async throws -> TopReasons {
        TopReasons(since: time, alerts: 0, features: [])
    }

    /// The newest alerts of all customers as one portion.
    public func alerts(before eventID: Int64?, limit: Int, _ use: (LoggedAlerts) throws -> Void) async throws {
        try use(LoggedAlerts(try await self.alerts(before: eventID, limit: limit)))
    }

    /// The features that matter most to the model that was summed up last, over all customers.
    public func featureImportances(limit: Int) async throws -> [FeatureImportance] {
        try await self.featureImportances(segment: nil, modelVersion: nil, limit: limit)
    }
}
