import ChurnCore
import ChurnInsight
import Hummingbird

/// `GET /api/dashboard-kpis`: how the customer base stands.
struct KPIRoute {
    let dependencies: APIDependencies

    func add(to router: Router<ServeContext>) {
        router.get("/api/dashboard-kpis") { _, _ in
            let summary = try await self.dependencies.ask { try await $0.customers.riskSummary(at: $0.now()) }
            return Response.json { self.write(summary, to: &$0) }
        }
    }

    private func write(_ summary: RiskSummary, to json: inout JSONWriter) {
        // A summary's own figures are those of a snapshot that is taken now.
        json.figures(of: RiskSnapshot(summary, at: Timestamp(microseconds: 0)))
        json.field("churn_trend", array: summary.trend) { json, point in
            json.object { json in
                json.field("hour", point.hour)
                json.field("avg_prob", point.meanProbability)
                json.field("scores", point.scores)
            }
        }
        json.field("churn_by_segment", array: summary.segments) { json, segment in
            json.object { json in
                json.field(self.dependencies.segmentColumn, segment.segment)
                json.field("count", segment.customers)
            }
        }
        json.field("yesterday", optional: summary.yesterday) { json, yesterday in
            json.figures(of: yesterday)
            json.field("time", yesterday.time)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func figures(of snapshot: RiskSnapshot) {
        for band in RiskBand.allCases.reversed() {
            self.field("\(band.rawValue.lowercased())_risk_customers", snapshot.bands[band] ?? 0)
        }
        self.field("total_active_customers", snapshot.customers)
        self.field("mrr_at_risk", money: snapshot.valueAtRisk)
        self.field("overall_avg_churn_probability", snapshot.meanProbability)
    }
}
