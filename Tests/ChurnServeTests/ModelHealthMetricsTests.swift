import ChurnCore
import ChurnInsight
import ChurnServe
import Logging
import ServeTestSupport
import Testing

@Suite("Metrics of model health")
struct ModelHealthMetricsTests {
    private static func health(_ status: DriftStatus?) -> ModelHealth {
        var histogram = Histogram(name: "tenure", type: "numeric", bounds: [1], categories: [])
        histogram.counts = [500, 500, 0]
        let line = status.map {
            ModelHealth.DriftLine(name: "tenure", drift: Drift(histogram, live: [800, 200, 0]), status: $0)
        }
        return ModelHealth(
            models: [],
            drift: ModelHealth.DriftReport(since: 20_000, rows: 1_000, features: line.map { [$0] } ?? [], scores: nil),
            thresholds: DriftThresholds(), challenger: nil)
    }

    @Test("drift from too few scores is no figure, and takes away the one before", arguments: [true, false])
    func insufficient(_ hasLine: Bool) async throws {
        let metrics = PrometheusMetricsFactory()
        let next = Locked(Self.health(.insufficient))
        let monitor = ModelHealthMonitor(interval: .seconds(60), metrics: metrics, logger: Logger.quiet) {
            next.withLock { $0 }
        }
        try await monitor.refresh()
        #expect(!metrics.text().contains("churn_model_drift"))
        next.withLock { $0 = Self.health(.alarm) }
        try await monitor.refresh()
        #expect(metrics.text().contains(#"churn_model_drift_psi{feature="tenure"} 0."#))
        #expect(metrics.text().contains(#"churn_model_drift_ks{feature="tenure"} 0."#))
        next.withLock { $0 = Self.health(hasLine ? .insufficient : nil) }
        try await monitor.refresh()
        #expect(metrics.text().contains(#"churn_model_drift_psi{feature="tenure"} NaN"#))
        #expect(metrics.text().contains(#"churn_model_drift_ks{feature="tenure"} NaN"#))
    }
}
