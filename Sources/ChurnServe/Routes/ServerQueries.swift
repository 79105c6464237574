import ChurnCore

/// What the REST routes read and write.
public struct ServerQueries: Sendable {
    /// Answers what people ask about the customer base.
    public var customers: any CustomerQueries
    /// Keeps interventions.
    public var interventions: any InterventionLog
    /// Has the features of customers that are to be scored.
    public var states: any FeatureStore
    /// Scores on request; nil where this process has no model.
    public var predictor: (any Predictor)?
    /// Describes the model that scores; nil where this process has none.
    public var model: ServedModel?
    /// The wall clock.
    public var now: @Sendable () -> Timestamp

    /// Creates queries.
    ///
    /// - Parameters:
    ///   - customers: answers what people ask about the customer base.
    ///   - store: keeps interventions and has the features of customers.
    ///   - predictor: scores on request; nil where this process has no model.
    ///   - model: describes the predictor's model.
    ///   - now: the wall clock; nil for the system's.
    public init(
        customers: any CustomerQueries, store: some InterventionLog & FeatureStore,
        predictor: (any Predictor)? = nil, model: ServedModel? = nil, now: (@Sendable () -> Timestamp)? = nil
    ) {
        self.customers = customers
        self.interventions = store
        self.states = store
        self.predictor = predictor
        self.model = model
        self.now = now ?? Timestamp.systemNow
    }
}
