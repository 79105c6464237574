package import CoreMetrics
import Metrics

/// Counts the customers of the canary whom the champion scored, since the challenger failed.
///
/// The pipeline and the serving side count under one name: what they count is the challenger's failure.
package struct CanaryFallbacks: Sendable {
    private let counter: Counter

    /// Creates the instrument.
    package init(factory: any MetricsFactory) {
        self.counter = Counter(label: "churn.canary.fallbacks", factory: factory)
    }

    /// Counts this many customers.
    package func count(_ customers: Int) { self.counter.increment(by: customers) }
}
