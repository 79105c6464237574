import ChurnCore
import ChurnInsight
import HTTPTypes
import Hummingbird

/// `GET /api/analytics`: how life-cycle stages, segments and bands go together.
struct AnalyticsRoute: EndpointGroup {
    let dependencies: APIDependencies

    var endpoints: [Endpoint] {
        let answer = Self.answer
        return [
            Endpoint(
                .get, "/api/analytics", .reading, id: "analytics", .dashboard,
                "How life-cycle stages, segments and bands go together",
                notes: """
                    Stages by months: New up to 3, Early up to 12, Mid up to 24, Mature above. Customers without a \
                    score are in no band. Without a tenure in the domain there are no stages.
                    """,
                answers: [.ok("The figures.", answer.schema), .unavailable]
            ) { _, _ in
                answer.response(try await self.dependencies.ask { try await $0.customers.riskAnalytics() })
            }
        ]
    }

    private static let answer = Shape<RiskAnalytics>(
        "Analytics",
        [
            Field("life_cycle", Self.stage, to: LifeCycleStage.allCases.count, list: { $0.lifeCycle }),
            Field(
                "risk_profile", Self.profile, from: RiskBand.allCases.count, to: RiskBand.allCases.count,
                list: { $0.profiles }),
            Field("flow", Self.flow, list: { $0.flow }),
        ])

    private static var stage: Shape<RiskAnalytics.Stage> {
        let name: [Field<RiskAnalytics.Stage>] = [Field("stage") { $0.stage }]
        let bands: [Field<RiskAnalytics.Stage>] = RiskBand.allCases.reversed().map { band in
            Field(band.rawValue.lowercased()) { $0.bands[band] ?? 0 }
        }
        return Shape(name + bands)
    }

    private static let profile = Shape<RiskAnalytics.Profile>([
        Field("band") { $0.band },
        Field("customers") { $0.customers },
        Field("mean_tenure") { $0.meanTenure },
        Field("mean_value") { $0.meanValue },
        Field("dominant_segment") { $0.dominantSegment },
    ])

    private static let flow = Shape<RiskAnalytics.Flow>([
        Field("stage") { $0.stage },
        Field("segment") { $0.segment },
        Field("band") { $0.band },
        Field("customers", schema: .integer(from: 1)) { $0.customers },
    ])
}

extension LifeCycleStage: NamedAnswerValue {
    static var schema: Schema { Schema.choice(Self.self).named("Stage") }
}
