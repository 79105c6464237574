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

    @Test("figures of a model that serves no longer do not stay as those of its successor")
    func promoted() async throws {
        func health(_ version: String, auc: Double?, hasChallenger: Bool) -> ModelHealth {
            func model(_ version: String, _ role: ModelRole, _ auc: Double?) -> ModelHealth.Model {
                ModelHealth.Model(
                    version: version, role: role, scored: 1,
                    quality: ModelHealth.Quality(outcomes: 2, positives: 1, auc: auc, brier: auc),
                    calibrationError: nil, liftTopDecile: nil, calibration: [], byDay: [])
            }
            return ModelHealth(
                models: [model(version, .champion, auc)] + (hasChallenger ? [model("b", .challenger, 0.75)] : []),
                drift: nil, thresholds: DriftThresholds(), challenger: nil)
        }
        let metrics = PrometheusMetricsFactory()
        let next = Locked(health("a", auc: 0.5, hasChallenger: true))
        let monitor = ModelHealthMonitor(interval: .seconds(60), metrics: metrics, logger: Logger.quiet) {
            next.withLock { $0 }
        }
        try await monitor.refresh()
        #expect(metrics.text().contains(#"churn_model_auc{role="champion"} 0.5"#))
        #expect(metrics.text().contains(#"churn_model_auc{role="challenger"} 0.75"#))
        next.withLock { $0 = health("b", auc: nil, hasChallenger: false) }
        try await monitor.refresh()
        #expect(metrics.text().contains(#"churn_model_auc{role="champion"} NaN"#))
        #expect(metrics.text().contains(#"churn_model_auc{role="challenger"} NaN"#))
        #expect(metrics.text().contains(#"churn_model_outcomes{role="champion"} 2"#))
    }
}
