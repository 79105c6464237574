public import ChurnCore
public import ChurnInsight

/// The stores and models of the REST routes.
public struct ServerQueries: Sendable {
    /// Answers what people ask about the customer base.
    public var customers: any CustomerQueries
    /// Keeps interventions.
    public var interventions: any InterventionLog
    /// Has the features of customers that are to be scored.
    public var states: any FeatureStore
    /// Holds the models that score on request; empty where this process has none.
    public var models: ModelSlot
    /// Names the registered models; nil where there is no registry.
    public var registry: (any ModelRegistry)?
    /// Reports the health of models; nil where that is not recorded.
    public var modelHealth: (any ModelHealthSource)?
    /// Keeps runs that score everyone again; nil where none can be asked for.
    public var rescores: (any RescoreLog)?
    /// The wall clock.
    public var now: @Sendable () -> Timestamp

    /// Creates queries.
    ///
    /// - Parameters:
    ///   - customers: answers what people ask about the customer base.
    ///   - store: keeps interventions and has the features of customers.
    ///   - models: hold the models that score on request.
    ///   - registry: names the registered models; nil where there is no registry.
    ///   - modelHealth: reports the health of models; nil where that is not recorded.
    ///   - rescores: keeps runs that score everyone again; nil where none can be asked for.
    ///   - now: the wall clock; nil for the system's.
    public init(
        customers: any CustomerQueries, store: some InterventionLog & FeatureStore,
        models: ModelSlot = ModelSlot(), registry: (any ModelRegistry)? = nil,
        modelHealth: (any ModelHealthSource)? = nil, rescores: (any RescoreLog)? = nil,
        now: (@Sendable () -> Timestamp)? = nil
    ) {
        self.customers = customers
        self.interventions = store
        self.states = store
        self.models = models
        self.registry = registry
        self.modelHealth = modelHealth
        self.rescores = rescores
        self.now = now ?? Timestamp.systemNow
    }
}
