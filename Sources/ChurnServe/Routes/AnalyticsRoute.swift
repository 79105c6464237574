import ChurnCore
import ChurnInsight
import Hummingbird

/// `GET /api/analytics`: how life-cycle stages, segments and bands go together.
struct AnalyticsRoute {
    let dependencies: APIDependencies

    func add(to router: Router<ServeContext>) {
        router.get("/api/analytics") { _, _ in
            let analytics = try await self.dependencies.ask { try await $0.customers.riskAnalytics() }
            return Response.json { Self.write(analytics, to: &$0) }
        }
    }

    private static func write(_ analytics: RiskAnalytics, to json: inout JSONWriter) {
        json.field("life_cycle", array: analytics.lifeCycle) { json, stage in
            json.object { json in
                json.field("stage", stage.stage.rawValue)
                for band in RiskBand.allCases.reversed() {
                    json.field(band.rawValue.lowercased(), stage.bands[band] ?? 0)
                }
            }
        }
        json.field("risk_profile", array: analytics.profiles) { json, profile in
            json.object { json in
                json.field("band", profile.band.rawValue)
                json.field("customers", profile.customers)
                json.field("mean_tenure", profile.meanTenure)
                json.field("mean_value", profile.meanValue)
                json.field("dominant_segment", profile.dominantSegment)
            }
        }
        json.field("flow", array: analytics.flow) { json, flow in
            json.object { json in
                json.field("stage", flow.stage.rawValue)
                json.field("segment", flow.segment)
                json.field("band", flow.band.rawValue)
                json.field("customers", flow.customers)
            }
        }
    }
}
