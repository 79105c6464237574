/// A score that became durable, with what it was made from.
public struct ObservedScore: Sendable {
    /// The customer.
    public var customerID: String
    /// The features that were scored, in the schema's order.
    public var features: [FeatureValue]
    /// The churn probability.
    public var probability: Double
    /// The model that made it.
    public var model: ModelIdentity
    /// The record time of the scored event.
    public var time: Timestamp
    /// The state of the alert policy before this score.
    public var alertBefore: AlertState
    /// Whether the score went out as an alert.
    public var isAlert: Bool

    /// Creates an observed score.
    public init(
        customerID: String, features: [FeatureValue], probability: Double, model: ModelIdentity, time: Timestamp,
        alertBefore: AlertState = AlertState(), isAlert: Bool = false
    ) {
        self.customerID = customerID
        self.features = features
        self.probability = probability
        self.model = model
        self.time = time
        self.alertBefore = alertBefore
        self.isAlert = isAlert
    }
}

/// Watches the scores of a pipeline after they became durable: for shadow scoring and drift.
///
/// A process that dies between the write and this call is never heard of; a batch is never reported twice.
public protocol ScoreObserver: Sendable {
    /// Takes note of a batch's scores.
    ///
    /// Returns at once, whatever happens: the pipeline waits for it. What does not fit is dropped.
    func observe(_ scores: [ObservedScore], by lineup: ModelLineup)
}
