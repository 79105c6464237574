import ChurnCore
import ChurnInsight
import Hummingbird

/// `GET /api/model-health`: the health of models, by the outcomes of customers and by the features that they see.
struct ModelHealthRoute {
    let dependencies: APIDependencies

    func add(to router: Router<ServeContext>) {
        router.get("/api/model-health") { request, _ in
            try request.parameters().allowOnly([])
            let health = try await self.dependencies.ask { queries in
                try await queries.modelHealth?.modelHealth()
                    ?? ModelHealth(models: [], drift: nil, thresholds: DriftThresholds(), challenger: nil)
            }
            return Response.json { Self.write(health, to: &$0) }
        }
    }

    private static func write(_ health: ModelHealth, to json: inout JSONWriter) {
        json.field("models", array: health.models) { json, model in json.object { Self.write(model, to: &$0) } }
        json.field(
            "drift",
            object: { json in
                json.field("since", health.drift.map { Self.date($0.since) })
                json.field("rows", health.drift?.rows ?? 0)
                json.field("features", array: health.drift?.features ?? []) { json, line in
                    json.object { json in
                        json.field("feature", line.name)
                        Self.write(line, to: &json)
                    }
                }
                json.field("scores", object: { Self.write(health.drift?.scores, to: &$0) })
            })
        json.field(
            "thresholds",
            object: { json in
                json.field("psi_warning", health.thresholds.psiWarning)
                json.field("psi_alarm", health.thresholds.psiAlarm)
                json.field("ks_warning", health.thresholds.ksWarning)
                json.field("ks_alarm", health.thresholds.ksAlarm)
                json.field("minimum_rows", health.thresholds.minimumRows)
            })
        guard let challenger = health.challenger else { return json.field("challenger", json: Array("null".utf8)) }
        json.field("challenger", object: { Self.write(challenger, to: &$0) })
    }

    private static func write(_ model: ModelHealth.Model, to json: inout JSONWriter) {
        json.field("model_version", model.version)
        json.field("role", model.role?.rawValue)
        json.field("scored", model.scored)
        json.field("outcomes", model.quality.outcomes)
        json.field("positives", model.quality.positives)
        json.field("auc", model.quality.auc)
        json.field("brier", model.quality.brier)
        json.field("calibration_error", model.calibrationError)
        json.field("lift_top_decile", model.liftTopDecile)
        json.field("calibration", array: model.calibration) { json, point in
            json.object { json in
                json.field("predicted", point.predicted)
                json.field("observed", point.observed)
                json.field("count", point.count)
            }
        }
        json.field("by_day", array: model.byDay) { json, day in
            json.object { json in
                json.field("day", Self.date(day.day))
                json.field("outcomes", day.quality.outcomes)
                json.field("auc", day.quality.auc)
                json.field("brier", day.quality.brier)
            }
        }
    }

    private static func write(_ line: ModelHealth.DriftLine?, to json: inout JSONWriter) {
        json.field("psi", line?.drift.psi)
        json.field("ks", line?.drift.ks)
        json.field("status", (line?.status ?? .insufficient).rawValue)
    }

    private static func write(_ challenger: ModelHealth.Challenger, to json: inout JSONWriter) {
        let counts = challenger.counts
        func share(_ count: Int64) -> Double? { counts.scored > 0 ? Double(count) / Double(counts.scored) : nil }
        json.field("model_version", challenger.version)
        json.field("scored", counts.scored)
        json.field("mean_difference", share(counts.difference).map { $0 / 1e6 })
        json.field("disagreement_share", share(counts.otherBand))
        json.field("alert_disagreement_share", share(counts.otherAlert))
        json.field("alerts_champion", counts.championAlerts)
        json.field("alerts_challenger", counts.challengerAlerts)
    }

    private static func date(_ day: Int32) -> String {
        String(Timestamp(microseconds: Int64(day) * 86_400_000_000).iso8601.prefix(10))
    }
}
