public import ChurnCore
public import ChurnInsight

/// The dependencies of the routes of cases and webhooks.
public struct CaseDependencies: Sendable {
    /// Keeps what people do about cases.
    public var store: any CaseStore
    /// The log of webhook deliveries.
    public var deliveries: any DeliveryLog
    /// The wall clock.
    public var now: @Sendable () -> Timestamp

    /// Creates the dependencies over a store.
    ///
    /// - `now`: the wall clock; nil for the system's.
    public init(store: some CaseStore & DeliveryLog, now: (@Sendable () -> Timestamp)? = nil) {
        self.store = store
        self.deliveries = store
        self.now = now ?? Timestamp.systemNow
    }
}
