import ChurnCore
import ChurnInsight
import Testing

@testable import ChurnServe

@Suite(.timeLimit(.minutes(2))) struct AnalyticsRouteTests {
    @Test("stages count every band, profiles and flows have their fields, what is not known is null")
    func fields() async throws {
        var queries = TestQueries()
        queries.analytics = RiskAnalytics(
            lifeCycle: [RiskAnalytics.Stage(stage: .early, bands: [.high: 3, .low: 1])],
            profiles: [
                RiskAnalytics.Profile(
                    band: .high, customers: 3, meanTenure: 7.5, meanValue: nil, dominantSegment: "One year")
            ],
            flow: [RiskAnalytics.Flow(stage: .early, segment: "One year", band: .high, customers: 3)])
        try await queries.serve { server in
            let answer = try await server.request("/api/analytics")
            #expect(answer.status == 200)
            let stage: JSONValue = .object([
                "stage": .text("Early"), "critical": .number(0), "high": .number(3), "medium": .number(0),
                "low": .number(1),
            ])
            let profile: JSONValue = .object([
                "band": .text("High"), "customers": .number(3), "mean_tenure": .number(7.5), "mean_value": .null,
                "dominant_segment": .text("One year"),
            ])
            let flow: JSONValue = .object([
                "stage": .text("Early"), "segment": .text("One year"), "band": .text("High"), "customers": .number(3),
            ])
            let expected: JSONValue = .object([
                "life_cycle": .list([stage]), "risk_profile": .list([profile]), "flow": .list([flow]),
            ])
            #expect(answer.json == expected)
        }
    }
}
