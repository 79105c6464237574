import ChurnCore

/// What the REST routes read and write.
public struct ServerQueries: Sendable {
    /// Answers what people ask about the customer base.
    public var customers: any CustomerQueries
    /// Keeps interventions.
    public var interventions: any InterventionLog
    /// Has the features of customers that are to be scored.
    public var states: any FeatureStore
    /// Holds the models that score on request; empty where this process has none.
    public var models: ModelSlot
    /// The wall clock.
    public var now: @Sendable () -> Timestamp

    /// Creates queries.
    ///
    /// - Parameters:
    ///   - customers: answers what people ask about the customer base.
    ///   - store: keeps interventions and has the features of customers.
    ///   - models: hold the models that score on request.
    ///   - now: the wall clock; nil for the system's.
    public init(
        customers: any CustomerQueries, store: some InterventionLog & FeatureStore,
        models: ModelSlot = ModelSlot(), now: (@Sendable () -> Timestamp)? = nil
    ) {
        self.customers = customers
        self.interventions = store
        self.states = store
        self.models = models
        self.now = now ?? Timestamp.systemNow
    }
}
