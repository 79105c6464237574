/// The alert policy's state of a customer.
public struct AlertState: Hashable, Sendable {
    /// Whether the customer counts as at risk now.
    public var isAtRisk: Bool
    /// The record time of the last alert; nil before the first.
    public var lastAlert: Timestamp?

    /// Creates an alert state.
    public init(isAtRisk: Bool = false, lastAlert: Timestamp? = nil) {
        self.isAtRisk = isAtRisk
        self.lastAlert = lastAlert
    }
}

/// A customer's latest score.
public struct LatestScore: Hashable, Sendable {
    /// The churn probability, 0 to 1.
    public var probability: Double
    /// The band that the probability fell into.
    public var band: RiskBand
    /// The record time of the event that was scored.
    public var time: Timestamp

    /// Creates a latest score.
    public init(probability: Double, band: RiskBand, time: Timestamp) {
        self.probability = probability
        self.band = band
        self.time = time
    }
}

/// All that the pipeline knows about one customer: one row, one version, one transaction.
public struct CustomerState: Hashable, Sendable {
    /// The customer's id.
    public var id: String
    /// The features, in the schema's order.
    public var features: [FeatureValue]
    /// 0 until the first event is scored; rises by one with it, with each event that changed the features or the alert
    /// state, when the customer leaves or comes back, and when another program changes the features.
    public var version: Int64
    /// The latest score; nil before the first.
    public var latest: LatestScore?
    /// The alert policy's state.
    public var alert: AlertState
    /// The time at which the customer left, by its newest outcome; nil for one that did not leave or came back.
    public var leftAt: Timestamp?
    /// The latest of the times that its events carry; nil before the first.
    public var lastEvent: Timestamp?

    /// Creates a customer's state.
    public init(
        id: String, features: [FeatureValue], version: Int64 = 0, latest: LatestScore? = nil,
        alert: AlertState = AlertState(), leftAt: Timestamp? = nil, lastEvent: Timestamp? = nil
    ) {
        self.id = id
        self.features = features
        self.version = version
        self.latest = latest
        self.alert = alert
        self.leftAt = leftAt
        self.lastEvent = lastEvent
    }

    /// Returns whether the customer has left: from the time of its outcome on.
    public func hasLeft(at now: Timestamp) -> Bool { self.leftAt.map { $0 <= now } ?? false }
}
