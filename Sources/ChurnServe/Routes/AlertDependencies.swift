import ChurnCore
import ChurnInsight

/// The dependencies of the routes of alerts and webhooks.
public struct AlertDependencies: Sendable {
    /// Keeps what people do about alerts.
    public var store: any AlertStore
    /// The log of webhook deliveries.
    public var deliveries: any DeliveryLog
    /// The wall clock.
    public var now: @Sendable () -> Timestamp

    /// Creates the dependencies over a store.
    ///
    /// - Parameter now: the wall clock; nil for the system's.
    public init(store: some AlertStore & DeliveryLog, now: (@Sendable () -> Timestamp)? = nil) {
        self.store = store
        self.deliveries = store
        self.now = now ?? Timestamp.systemNow
    }
}
