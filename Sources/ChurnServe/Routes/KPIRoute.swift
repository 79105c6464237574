import ChurnCore
import Hummingbird

/// `GET /api/dashboard-kpis`: how the customer base stands.
struct KPIRoute {
    let parts: RestParts

    func add(to router: Router<ServeContext>) {
        router.get("/api/dashboard-kpis") { _, _ in
            let summary = try await self.parts.ask { try await $0.customers.riskSummary(at: $0.now()) }
            return Response.json { self.write(summary, to: &$0) }
        }
    }

    private func write(_ summary: RiskSummary, to json: inout JSONWriter) {
        for band in RiskBand.allCases.reversed() {
            json.field("\(band.rawValue.lowercased())_risk_customers", summary.bands[band] ?? 0)
        }
        json.field("total_active_customers", summary.customers)
        json.field("mrr_at_risk", summary.valueAtRisk)
        json.field("churn_trend", array: summary.trend) { json, point in
            json.object { json in
                json.field("hour", point.hour.iso8601)
                json.field("avg_prob", point.meanProbability)
                json.field("scores", point.scores)
            }
        }
        json.field("churn_by_segment", array: summary.segments) { json, segment in
            json.object { json in
                json.field(self.parts.segmentColumn, segment.segment)
                json.field("count", segment.customers)
            }
        }
        json.field("overall_avg_churn_probability", summary.meanProbability)
    }
}
