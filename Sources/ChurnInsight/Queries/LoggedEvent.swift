/// An event of any customer, as it was logged.
public struct LoggedEvent: Hashable, Sendable {
    /// The customer.
    public var customerID: String
    /// The event and its score.
    public var event: RecentEvent
    /// Whether its update went out as a `churn_alert`.
    public var isAlert: Bool
    /// Whether it made its customer one at risk.
    public var becameAtRisk: Bool

    /// Creates a logged event.
    public init(customerID: String, event: RecentEvent, isAlert: Bool, becameAtRisk: Bool) {
        self.customerID = customerID
        self.event = event
        self.isAlert = isAlert
        self.becameAtRisk = becameAtRisk
    }
}

/// The importance of a feature to the model, over all customers.
public struct FeatureImportance: Hashable, Sendable {
    /// The feature's name.
    public var feature: String
    /// The mean of the absolute contributions, in log-odds.
    public var importance: Double
    /// The version of the model to which it matters; nil where whoever wrote it did not say.
    public var modelVersion: String?

    /// Creates an importance whose model is not known.
    public init(feature: String, importance: Double) {
        self.init(feature: feature, importance: importance, modelVersion: nil)
    }

    /// Creates an importance.
    public init(feature: String, importance: Double, modelVersion: String?) {
        self.feature = feature
        self.importance = importance
        self.modelVersion = modelVersion
    }
}
