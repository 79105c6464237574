import ChurnCore
import ChurnInsight
import Testing

@testable import ChurnServe

@Suite(.timeLimit(.minutes(2))) struct KPIRouteTests {
    @Test("the figures have the contract's names, and a band without customers counts 0")
    func figures() async throws {
        var queries = TestQueries()
        queries.summary = RiskSummary(
            customers: 10, bands: [.critical: 2, .low: 3], valueAtRisk: 123.5, meanProbability: 0.25,
            trend: [RiskSummary.TrendPoint(hour: Timestamp(microseconds: 0), meanProbability: 0.5, scores: 4)],
            segments: [RiskSummary.SegmentCount(segment: "Month-to-month", customers: 2)],
            yesterday: RiskSnapshot(
                time: Timestamp(microseconds: 1_000_000), customers: 9, bands: [.high: 1], valueAtRisk: 5,
                meanProbability: nil), atRisk: 4)
        queries.summary.customerTrend = [
            RiskSummary.CustomerTrendPoint(
                hour: Timestamp(microseconds: 0), meanProbability: 0.25, customers: 5, scores: 4)
        ]
        try await queries.serve { server in
            let answer = try await server.request("/api/dashboard-kpis?ignored=1")
            #expect(answer.status == 200)
            let trend: JSONValue = .object([
                "hour": .text("1970-01-01T00:00:00.000000Z"), "avg_prob": .number(0.5), "scores": .number(4),
            ])
            let segment: JSONValue = .object(["contract": .text("Month-to-month"), "count": .number(2)])
            let yesterday: JSONValue = .object([
                "critical_risk_customers": .number(0), "high_risk_customers": .number(1),
                "medium_risk_customers": .number(0), "low_risk_customers": .number(0), "at_risk_customers": .null,
                "total_active_customers": .number(9), "mrr_at_risk": .number(5),
                "overall_avg_churn_probability": .null, "time": .text("1970-01-01T00:00:01.000000Z"),
            ])
            let customers: JSONValue = .object([
                "hour": .text("1970-01-01T00:00:00.000000Z"), "mean_probability": .number(0.25),
                "customers": .number(5), "scores": .number(4),
            ])
            let expected: JSONValue = .object([
                "at_risk_customers": .number(4), "customer_trend": .list([customers]),
                "critical_risk_customers": .number(2), "high_risk_customers": .number(0),
                "medium_risk_customers": .number(0), "low_risk_customers": .number(3),
                "total_active_customers": .number(10), "mrr_at_risk": .number(123.5), "churn_trend": .list([trend]),
                "churn_by_segment": .list([segment]), "overall_avg_churn_probability": .number(0.25),
                "yesterday": yesterday,
            ])
            #expect(answer.json == expected)
        }
    }

    @Test(
        "money is written with its two decimals and nothing behind them",
        arguments: [
            (2_804.8999999999996, "2804.90"), (0, "0.00"), (0.005, "0.01"), (-0.001, "0.00"), (-3.5, "-3.50"),
            (1e12, "1000000000000.00"), (99_999_999_999.99, "99999999999.99"), (1e300, "1e+300"),
        ])
    func money(_ amount: Double, _ text: String) async throws {
        var queries = TestQueries()
        queries.summary.valueAtRisk = amount
        try await queries.serve { server in
            let body = try await server.request("/api/dashboard-kpis").body
            #expect(body.contains("\"mrr_at_risk\":\(text),"))
        }
    }

    @Test("a customer base without a score has no mean probability")
    func unscored() async throws {
        try await TestQueries().serve { server in
            let answer = try await server.request("/api/dashboard-kpis")
            #expect(answer.json?["overall_avg_churn_probability"] == .null)
            #expect(answer.json?["churn_trend"] == .list([]))
            #expect(answer.json?["yesterday"] == .null)
        }
    }

    @Test(
        "a store that is away is 503 with a time to come back, on every route that reads it",
        arguments: [
            "/api/dashboard-kpis", "/api/analytics", "/api/watchlist", "/api/events/history",
            "/api/churn-alerts-history",
            "/api/customer/a/timeline", "/api/watchlist/export", "/api/events/history/export",
            "/api/churn-alerts-history/export",
        ])
    func storeAway(_ path: String) async throws {
        var queries = TestQueries(customers: [TestQueries.customer("a")])
        queries.before = { throw ChurnError(.storeUnavailable, .retry, during: "look up", advice: "canary-4711") }
        try await queries.serve { server in
            let answer = try await server.request(path)
            #expect(answer.status == 503)
            #expect(answer.header("retry-after") == "2")
            #expect(answer.header("content-type") == "application/problem+json")
            #expect(!answer.body.contains("canary"))
        }
    }
}
