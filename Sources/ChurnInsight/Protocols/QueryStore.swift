public import ChurnCore

/// All customers of a store as they were at one moment.
public struct StoreSnapshot: Sendable {
    /// The sum of the scores of one hour.
    public struct HourSum: Hashable, Sendable {
        /// A time within the hour.
        public var hour: Timestamp
        /// The sum of its scores.
        public var sum: Double
        /// The number of scores.
        public var scores: Int

        /// Creates a sum.
        public init(hour: Timestamp, sum: Double, scores: Int) {
            self.hour = hour
            self.sum = sum
            self.scores = scores
        }
    }

    /// The end of the update log at that moment.
    public var cursor: UpdateCursor
    /// The sums of the hours that were asked for.
    public var hours: [HourSum]
    /// The time, by the store's clock.
    public var time: Timestamp

    /// Creates a snapshot.
    public init(cursor: UpdateCursor, hours: [HourSum], time: Timestamp) {
        self.cursor = cursor
        self.hours = hours
        self.time = time
    }
}

/// The changes after a cursor, as far as a projection needs them.
public struct StoreChanges: Sendable {
    /// Scores that were written at the same time, summed up.
    public struct Scores: Hashable, Sendable {
        /// The time at which they were recorded.
        public var time: Timestamp
        /// The sum of their probabilities.
        public var sum: Double
        /// The number of changes.
        public var count: Int

        /// Creates a sum of scores.
        public init(time: Timestamp, sum: Double, count: Int) {
            self.time = time
            self.sum = sum
            self.count = count
        }
    }

    /// The customers that were scored, each as a block left it; one that is in several blocks comes once for each.
    public var customers: [ProjectedCustomer]
    /// Their scores, by the times at which they were written.
    public var scores: [Scores]
    /// The cursor at which to go on.
    public var cursor: UpdateCursor
    /// Whether some updates after the cursor are no longer kept, or lack the scores of their customers.
    public var hasGap: Bool
    /// Whether more is to come.
    public var hasMore: Bool

    /// Creates changes.
    public init(
        customers: [ProjectedCustomer] = [], scores: [Scores] = [], cursor: UpdateCursor, hasGap: Bool = false,
        hasMore: Bool = false
    ) {
        self.customers = customers
        self.scores = scores
        self.cursor = cursor
        self.hasGap = hasGap
        self.hasMore = hasMore
    }
}

/// A store that a projection is loaded from, and that answers itself what needs no projection.
public protocol QueryStore: FeatureStore, RiskSnapshotLog {
    /// The customer base.
    var domain: Domain { get }
    /// Hands all customers to `receive`, in portions and in ascending order of their ids, as they are at one moment.
    ///
    /// `receive` is called by one thread at a time, and what it does may take long.
    ///
    /// - `hour`: the first hour whose scores are summed up; nil for the 24 up to now.
    func snapshot(
        scoresSince hour: Timestamp?, _ receive: @escaping @Sendable ([ProjectedCustomer]) -> Void
    ) async throws -> StoreSnapshot
    /// Returns the changes after a cursor, at most this many blocks of updates.
    func changes(after cursor: UpdateCursor, limit: Int) async throws -> StoreChanges
    /// See ``CustomerQueries/events(before:limit:)``.
    func events(before eventID: Int64?, limit: Int) async throws -> [LoggedEvent]
    /// See ``CustomerQueries/alerts(before:limit:)``.
    func alerts(before eventID: Int64?, limit: Int) async throws -> [LoggedAlert]
    /// Hands the same alerts without their customers to `receive`, in the same order and in portions of a length.
    ///
    /// `receive` is called by one thread at a time, while the store works on the next portion. Each portion is as the
    /// store is when it is read.
    func alertEvents(
        before eventID: Int64?, limit: Int, portion: Int, _ receive: @escaping @Sendable (LoggedAlerts) -> Void
    ) async throws
    /// See ``CustomerQueries/timeline(of:before:limit:)``.
    func timeline(of customerID: String, before time: Timestamp?, limit: Int) async throws -> [TimelineEntry]?
    /// See ``CustomerQueries/scoreChanges(of:limit:)``.
    func scoreChanges(of customerID: String, limit: Int) async throws -> [RecentEvent]?
    /// See ``CustomerQueries/topReasons(since:)``.
    func topReasons(since time: Timestamp) async throws -> TopReasons
    /// See ``CustomerQueries/featureImportances(segment:modelVersion:limit:)``.
    func featureImportances(segment: String?, modelVersion: String?, limit: Int) async throws -> [FeatureImportance]
}
