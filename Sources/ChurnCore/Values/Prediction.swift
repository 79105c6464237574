/// Names a model that makes scores.
public struct ModelIdentity: Hashable, Sendable {
    /// The model's version: unique, and stored with every prediction.
    public var version: String
    /// Creates a model's identity.
    public init(version: String) { self.version = version }
}

/// One reason for a score: how much a feature moved it.
public struct Reason: Hashable, Sendable {
    /// The feature's index in the schema.
    public var feature: Int
    /// The contribution in log-odds; positive raises the churn probability.
    public var contribution: Double

    /// Creates a reason.
    public init(feature: Int, contribution: Double) {
        self.feature = feature
        self.contribution = contribution
    }
}

/// The alert policy's decision about one score.
public struct AlertDecision: Hashable, Sendable {
    /// Whether the update goes out as a `churn_alert`.
    public var isAlert: Bool
    /// Whether the customer was not at risk before this score and is now.
    public var becameAtRisk: Bool

    /// Creates a decision.
    public init(isAlert: Bool, becameAtRisk: Bool) {
        self.isAlert = isAlert
        self.becameAtRisk = becameAtRisk
    }
}

/// A customer's score after one event.
public struct Prediction: Hashable, Sendable {
    /// The customer.
    public var customerID: String
    /// The churn probability, 0 to 1: the model's single-precision value, widened without change.
    public var probability: Double
    /// The band that the probability falls into.
    public var band: RiskBand
    /// The model that made the score.
    public var model: ModelIdentity
    /// The version of the customer's state that was scored.
    public var stateVersion: Int64
    /// The strongest reasons, where they were asked for.
    public var reasons: [Reason]
    /// The difference to the customer's last score, where there is one and it was asked for.
    public var change: ScoreChange?
    /// The alert policy's decision.
    public var alert: AlertDecision

    /// Creates a prediction.
    public init(
        customerID: String, probability: Double, band: RiskBand, model: ModelIdentity, stateVersion: Int64,
        reasons: [Reason] = [], change: ScoreChange? = nil, alert: AlertDecision
    ) {
        self.customerID = customerID
        self.probability = probability
        self.band = band
        self.model = model
        self.stateVersion = stateVersion
        self.reasons = reasons
        self.change = change
        self.alert = alert
    }
}
