import ChurnCore
import ChurnInsight
import Testing

@testable import ChurnServe

private struct FixedHealth: ModelHealthSource {
    var health: ModelHealth
    func modelHealth() async throws -> ModelHealth { self.health }
}

@Suite(.timeLimit(.minutes(2))) struct ModelHealthRouteTests {
    private static let health: ModelHealth = {
        var histogram = Histogram(name: "tenure", type: "numeric", bounds: [1], categories: [])
        histogram.counts = [500, 500, 0]
        let drift = Drift(histogram, live: [500, 500, 0])
        let quality = ModelHealth.Quality(outcomes: 4, positives: 2, auc: 0.75, brier: 0.25)
        var counts = ShadowCounts()
        (counts.scored, counts.difference, counts.otherBand) = (100, 2_000_000, 5)
        (counts.championAlerts, counts.challengerAlerts) = (7, 9)
        return ModelHealth(
            models: [
                ModelHealth.Model(
                    version: "v1", role: .champion, scored: 10, quality: quality, calibrationError: 0.125,
                    liftTopDecile: 2,
                    calibration: [ModelHealth.CalibrationPoint(predicted: 0.5, observed: 0.25, count: 4)],
                    byDay: [ModelHealth.Day(day: 20_454, quality: quality)])
            ],
            drift: ModelHealth.DriftReport(
                since: 20_454, rows: 1_000,
                features: [ModelHealth.DriftLine(name: "tenure", drift: drift, status: .stable)],
                scores: ModelHealth.DriftLine(name: "score", drift: drift, status: .warning)),
            thresholds: DriftThresholds(),
            challenger: ModelHealth.Challenger(
                version: "v2", counts: counts,
                judged: PairedComparison(
                    customers: 40, positives: 10, championAUC: 0.7, challengerAUC: 0.8,
                    auc: PairedComparison.Difference(value: 0.1, lower: -0.05, upper: 0.25), championBrier: 0.2,
                    challengerBrier: 0.1, brier: nil)),
            windows: [
                WindowDrift(
                    window: .hour, since: Timestamp(microseconds: 0), rows: 600,
                    columns: [ModelHealth.DriftLine(name: "score", drift: drift, status: .alarm)])
            ],
            episodes: [
                DriftEpisode(
                    id: 3, version: "v1", columns: ["tenure"], window: .hour, began: Timestamp(microseconds: 0))
            ],
            outcomes: OutcomeSummary(
                span: JudgementSpan(
                    since: Timestamp(microseconds: 0), lead: .seconds(86_400), horizon: .seconds(7_776_000)),
                judged: 4, tooOld: 3, withoutScore: 2, inFuture: 1))
    }()

    @Test("models, drift, thresholds and the challenger are reported")
    func everything() async throws {
        try await TestQueries().serve(modelHealth: FixedHealth(health: Self.health)) { server in
            let answer = try await server.request("/api/model-health")
            #expect(answer.status == 200)
            let json = try #require(answer.json)
            let model = try #require(json["models"]?[0])
            #expect(model["model_version"] == .text("v1"))
            #expect(model["role"] == .text("champion"))
            #expect(model["auc"] == .number(0.75))
            #expect(model["calibration_error"] == .number(0.125))
            #expect(model["calibration"]?[0]?["observed"] == .number(0.25))
            #expect(model["by_day"]?[0]?["day"] == .text("2026-01-01"))
            #expect(json["drift"]?["features"]?[0]?["feature"] == .text("tenure"))
            #expect(json["drift"]?["features"]?[0]?["ks"] == .number(0))
            #expect(json["drift"]?["scores"]?["status"] == .text("warning"))
            #expect(json["drift"]?["since"] == .text("2026-01-01"))
            #expect(json["thresholds"]?["psi_alarm"] == .number(0.25))
            #expect(json["challenger"]?["mean_difference"] == .number(0.02))
            #expect(json["challenger"]?["disagreement_share"] == .number(0.05))
            #expect(json["challenger"]?["alerts_challenger"] == .number(9))
            #expect(json["challenger"]?["judged"]?["customers"] == .number(40))
            #expect(json["challenger"]?["judged"]?["auc_difference"]?["lower"] == .number(-0.05))
            #expect(json["challenger"]?["judged"]?["brier_difference"] == .null)
            #expect(json["windows"]?[0]?["columns"]?[0]?["status"] == .text("alarm"))
            #expect(json["drift_episodes"]?[0]?["columns"]?[0] == .text("tenure"))
            #expect(json["drift_episodes"]?[0]?["ended_at"] == .null)
            #expect(json["outcomes"]?["lead_seconds"] == .number(86_400))
            #expect(json["outcomes"]?["too_old"] == .number(3))
            #expect(json["outcomes"]?["in_future"] == .number(1))
        }
    }

    @Test("a server that counts nothing says so, and refuses parameters")
    func nothing() async throws {
        try await TestQueries().serve { server in
            let json = try await server.request("/api/model-health").json
            #expect(json?["models"] == .list([]))
            #expect(json?["challenger"] == .null)
            #expect(json?["drift"]?["scores"]?["status"] == .text("insufficient"))
            let status = try await server.request("/api/model-health?x=1").status
            #expect(status == 400)
        }
    }
}
