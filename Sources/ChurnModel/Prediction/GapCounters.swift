import CoreMetrics
import Metrics

/// Counts values that served customers lack, and categories that the model does not know.
///
/// The dimension's values are the domain's features; one that never lacks anything has no series.
struct GapCounters: Sendable {
    let features: [String]
    let factory: any MetricsFactory

    func add(_ gaps: FeatureGaps) {
        self.add(gaps.missing, to: "churn.model.missing.values")
        self.add(gaps.unknown, to: "churn.model.unknown.categories")
    }

    private func add(_ counts: [Int], to label: String) {
        for (feature, count) in zip(self.features, counts) where count > 0 {
            Counter(label: label, dimensions: [("feature", feature)], factory: self.factory)
                .increment(by: Int64(count))
        }
    }
}
