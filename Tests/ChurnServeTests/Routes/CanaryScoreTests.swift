import ChurnCore
import Testing

@testable import ChurnServe

/// Scores all customers alike.
private struct FixedPredictor: Predictor {
    let model: ModelIdentity
    let probability: Double
    var fails = false

    init(_ version: String, _ probability: Double, fails: Bool = false) {
        self.model = ModelIdentity(version: version)
        self.probability = probability
        self.fails = fails
    }

    func predict(_ rows: [[FeatureValue]]) async throws -> [Double] {
        if self.fails { throw ChurnError(.predictionFailed, .fatal, during: "score", advice: "no more") }
        return rows.map { _ in self.probability }
    }
}

@Suite("With a canary", .timeLimit(.minutes(2))) struct CanaryScoreTests {
    private static let share = CanaryShare(0.5)
    private static let ids = (0..<20).map { "c\($0)" }
    private static let queries = TestQueries(customers: ids.map { TestQueries.customer($0) })

    /// A customer of the canary, and one of the others.
    private static func sides() throws -> (canary: String, other: String) {
        (
            try #require(self.ids.first(where: self.share.contains)),
            try #require(self.ids.first { !self.share.contains($0) })
        )
    }

    private static func serve(fails: Bool = false, _ body: @Sendable (ServeHarness) async throws -> Void) async throws {
        let lineup = ModelLineup(
            champion: LoadedModel(predictor: FixedPredictor("champion", 0.25)),
            challenger: LoadedModel(predictor: FixedPredictor("challenger", 0.75, fails: fails)), canary: self.share)
        try await self.queries.serve(models: ModelSlot(lineup), body)
    }

    @Test("each customer is scored by the model that serves it, and features alone by the champion")
    func score() async throws {
        let (canary, other) = try Self.sides()
        try await Self.serve { server in
            let json = try await server.post("/api/score", #"{"customer_ids":["\#(other)","\#(canary)","x"]}"#).json
            let lines = json?["scores"]?.list ?? []
            #expect(lines.map { $0["churn_probability"] } == [.number(0.25), .number(0.75), .null])
            #expect(lines.map { $0["model_version"] } == [.text("champion"), .text("challenger"), .null])
            #expect(json?["model_version"] == .text("champion"))
            let features = try await server.post("/api/score", #"{"features":[{}]}"#).json
            #expect(features?["scores"]?[0]?["model_version"] == .text("champion"))
        }
    }

    @Test("a challenger that fails has its customers scored by the champion and counted, as in the pipeline")
    func fallback() async throws {
        let (canary, other) = try Self.sides()
        try await Self.serve(fails: true) { server in
            func counted() -> [Substring] {
                server.metrics.text().split(separator: "\n").filter { $0.hasPrefix("churn_canary_fallbacks") }
            }
            let answer = try await server.post("/api/score", #"{"customer_id":"\#(canary)"}"#)
            #expect(answer.status == 200)
            #expect(answer.json?["scores"]?[0]?["model_version"] == .text("champion"))
            #expect(counted() == ["churn_canary_fallbacks_total 1"])
            let both = #"{"customer_ids":["\#(other)","\#(canary)"]}"#
            #expect(try await server.post("/api/score", both).status == 200)
            #expect(counted() == ["churn_canary_fallbacks_total 2"], "only the canary's customers are counted")
            let actions = try await server.post("/api/simulate", #"{"customer_id":"\#(canary)"}"#)
            #expect(actions.status == 200)
            #expect(actions.json?["model_version"] == .text("champion"))
            #expect(try await server.request("/api/customer/\(canary)").status == 200)
            #expect(counted() == ["churn_canary_fallbacks_total 4"])
            for path in ["/api/score", "/api/simulate"] {
                #expect(try await server.post(path, #"{"customer_id":"\#(other)"}"#).status == 200)
            }
            #expect(counted() == ["churn_canary_fallbacks_total 4"], "nothing replaces the champion")
        }
    }

    @Test("what-ifs are answered by the model that serves the customer")
    func whatIf() async throws {
        let (canary, other) = try Self.sides()
        try await Self.serve { server in
            for (id, version, probability) in [(canary, "challenger", 0.75), (other, "champion", 0.25)] {
                let json = try await server.post("/api/simulate", #"{"customer_id":"\#(id)"}"#).json
                #expect(json?["model_version"] == .text(version))
                #expect(json?["churn_probability"] == .number(probability))
            }
        }
    }
}
