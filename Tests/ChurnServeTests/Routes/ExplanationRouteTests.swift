import ChurnCore
import ChurnInsight
import ChurnMemory
import Foundation
import Testing

@testable import ChurnServe

@Suite(.timeLimit(.minutes(2))) struct ExplanationRouteTests {
    private static let schema = Domain.telco.schema

    /// A model that looks at the contract and the monthly charges.
    private static func model() throws -> LinearModel {
        var weights = Array(repeating: LinearModel.Weight(), count: Self.schema.count)
        weights[try #require(Self.schema.index(of: "Contract"))].levels = ["Month-to-month": 0.75, "One year": -0.5]
        weights[try #require(Self.schema.index(of: "MonthlyCharges"))].slope = -0.01
        return LinearModel(baseMargin: -1, weights: weights)
    }

    @Test("an explanation has all features that count, the strongest first, and adds up to the margin")
    func explanation() async throws {
        let queries = TestQueries(customers: [TestQueries.customer("a")])
        try await queries.serve(models: ModelSlot(try Self.model())) { server in
            let json = try #require(try await server.request("/api/customer/a/explanation").json)
            #expect(json["customer_id"] == .text("a"))
            #expect(json["model_version"] == .text("linear-1"))
            let reasons = json["reasons"]?.list ?? []
            #expect(reasons.map { $0["feature"] } == [.text("contract"), .text("monthlycharges")])
            #expect(reasons.first?["value"] == .text("Month-to-month"))
            #expect(reasons.first?["text"] == .text("Month-to-month contract raises the risk most"))
            #expect(reasons.last?["text"] == .text("Monthly charges of 29.85 lowers the risk"))
            let sum = reasons.reduce(json["base_margin"]?.number ?? .nan) { $0 + ($1["contribution"]?.number ?? .nan) }
            let margin = try #require(json["margin"]?.number)
            #expect(abs(sum - margin) < 1e-9)
            #expect(abs((json["churn_probability"]?.number ?? 0) - 1 / (1 + exp(-margin))) < 1e-6)
            #expect(json["text"]?.text?.contains("Month-to-month contract raises the risk most (+0.75)") == true)
        }
    }

    @Test("an unknown customer is not found, and without a model or an explainer there is no answer yet")
    func refusals() async throws {
        let queries = TestQueries(customers: [TestQueries.customer("a")])
        try await queries.serve(models: ModelSlot(try Self.model())) { server in
            for (path, status) in [
                ("b/explanation", 404), ("a/explanation?x=1", 400), ("b/changes", 404), ("a/changes?limit=0", 400),
            ] {
                let answer = try await server.request("/api/customer/\(path)").status
                #expect(answer == status, "\(path)")
            }
        }
        try await queries.serve { server in
            let answer = try await server.request("/api/customer/a/explanation").status
            #expect(answer == 503)
        }
    }

    @Test("changes say what moved, and stand in the timeline")
    func changes() async throws {
        let contract = try #require(Self.schema.index(of: "Contract"))
        var contributions = Array(repeating: 0.0, count: Self.schema.count)
        contributions[contract] = 1.25
        contributions[0] = -0.25
        let split = ScoreChange.Split(
            toMargin: 0.5, contributions: contributions,
            changed: [ChangedFeature(feature: contract, from: .text("One year"), to: .text("Month-to-month"))])
        var moved = TestQueries.event(2, of: "a", probability: 0.62).event
        moved.change = ScoreChange(fromProbability: 0.38, toProbability: 0.62, split: split)
        var other = TestQueries.event(1, of: "a", probability: 0.38).event
        other.change = ScoreChange(fromProbability: 0.5, toProbability: 0.38, split: nil)
        var queries = TestQueries(customers: [TestQueries.customer("a")])
        queries.entries = [.event(moved), .event(other), .event(TestQueries.event(0, of: "a").event)]
        try await queries.serve { server in
            let items = try #require(try await server.request("/api/customer/a/changes").json)["items"]?.list ?? []
            #expect(items.map { $0["event_id"] } == [.number(2), .number(1)])
            #expect(items[0]["from_margin"] == .number(-0.5) && items[0]["to_margin"] == .number(0.5))
            let reasons = items[0]["reasons"]?.list ?? []
            #expect(reasons.map { $0["contribution"] } == [.number(1.25), .number(-0.25)])
            #expect(reasons[0]["from"] == .text("One year") && reasons[0]["to"] == .text("Month-to-month"))
            #expect(reasons[1]["changed"] == .flag(false))
            #expect(
                items[0]["text"]
                    == .text(
                        "0.38 to 0.62 after contract downgrade: contract from One year to Month-to-month +1.25, "
                            + "gender -0.25"))
            #expect(items[1]["from_margin"] == .null && items[1]["reasons"]?.list.isEmpty == true)
            let entries = try #require(try await server.request("/api/customer/a/timeline").json)["entries"]?.list ?? []
            #expect(entries[0]["score_change"]?["to_margin"] == .number(0.5))
            #expect(entries[2]["score_change"] == nil)
        }
    }

    @Test("the summary can be asked for a segment and a model")
    func summary() async throws {
        var queries = TestQueries()
        queries.importances = [FeatureImportance(feature: "tenure", importance: 0.5)]
        try await queries.serve { server in
            for (query, name) in [
                ("", "tenure"), ("?segment=One%20year", "One year:tenure"),
                ("?segment=a&model_version=m1", "a/m1:tenure"),
            ] {
                let json = try #require(try await server.request("/api/shap-summary\(query)").json)
                #expect(json[0]?["feature"] == .text(name))
            }
        }
    }
}

extension JSONValue {
    fileprivate var number: Double? { if case .number(let number) = self { number } else { nil } }
}
