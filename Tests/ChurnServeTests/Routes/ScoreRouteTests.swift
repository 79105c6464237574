import ChurnCore
import ChurnInsight
import ChurnMemory
import Testing

@testable import ChurnServe

/// Scores by the monthly charges, so that a test knows what to expect.
private struct ChargePredictor: Predictor {
    let model = ModelIdentity(version: "test-1")
    var refuses = false

    func predict(_ rows: [[FeatureValue]]) async throws -> [Double] {
        if self.refuses { throw ChurnError(.predictionFailed, .reject, during: "score", advice: "canary") }
        let charges = Domain.telco.valueFeature ?? 0
        return rows.map { row in if case .number(let number) = row[charges] { number / 100 } else { 0 } }
    }
}

@Suite(.timeLimit(.minutes(2))) struct ScoreRouteTests {
    private static let queries = TestQueries(customers: ["a", "b", "15600001"].map { TestQueries.customer($0) })

    private static func score(_ probability: Double, _ band: String, of id: String? = nil) -> JSONValue {
        .object([
            "customer_id": id.map { .text($0) } ?? .null, "churn_probability": .number(probability),
            "churn_risk": .text(band), "model_version": .text("test-1"), "error": .null,
        ])
    }

    private static func ask(_ body: String, predictor: (any Predictor)? = ChargePredictor()) async throws -> Answer {
        let answer = Locked<Answer?>(nil)
        try await Self.queries.serve(models: predictor.map { ModelSlot($0) } ?? ModelSlot()) { server in
            let got = try await server.post("/api/score", body)
            answer.withLock { $0 = got }
        }
        return try #require(answer.withLock { $0 })
    }

    @Test("a customer is scored by id")
    func byID() async throws {
        let answer = try await Self.ask(#"{"customer_id":"a"}"#)
        #expect(answer.status == 200)
        #expect(answer.json?["model_version"] == .text("test-1"))
        #expect(answer.json?["scores"] == .list([Self.score(0.2985, "Low", of: "a")]))
    }

    @Test("an id that is a whole number is the text of its digits")
    func byNumber() async throws {
        let score = Self.score(0.2985, "Low", of: "15600001")
        #expect(try await Self.ask(#"{"customer_id":15600001}"#).json?["scores"] == .list([score]))
        #expect(try await Self.ask(#"{"customer_ids":[15600001]}"#).json?["scores"] == .list([score]))
    }

    @Test("several customers keep their order, and an unknown one has an error in its line")
    func byIDs() async throws {
        let answer = try await Self.ask(#"{"customer_ids":["b","nobody","a","b"]}"#)
        let unknown: JSONValue = .object([
            "customer_id": .text("nobody"), "churn_probability": .null, "churn_risk": .null, "model_version": .null,
            "error": .text("customer_not_found"),
        ])
        #expect(
            answer.json?["scores"]
                == .list([
                    Self.score(0.2985, "Low", of: "b"), unknown, Self.score(0.2985, "Low", of: "a"),
                    Self.score(0.2985, "Low", of: "b"),
                ]))
    }

    @Test("features are scored, one customer or many, by names in any case; what is not given is missing")
    func byFeatures() async throws {
        let one = try await Self.ask(#"{"features":{"MonthlyCharges":90,"contract":"One year","tenure":null}}"#)
        #expect(one.json?["scores"] == .list([Self.score(0.9, "Critical")]))
        let many = try await Self.ask(#"{"features":[{"monthlycharges":50},{}]}"#)
        #expect(many.json?["scores"] == .list([Self.score(0.5, "Medium"), Self.score(0, "Low")]))
    }

    @Test("an unknown customer asked for alone is 404")
    func unknown() async throws {
        #expect(try await Self.ask(#"{"customer_id":"nobody"}"#).status == 404)
    }

    @Test(
        "what is wrong is 400 and named by a pointer",
        arguments: [
            (#"{"customer_id":5.5}"#, ["/customer_id"]), (#"{"customer_id":""}"#, ["/customer_id"]),
            (#"{"customer_id":9007199254740993}"#, ["/customer_id"]), (#"{"customer_id":true}"#, ["/customer_id"]),
            (#"{"customer_ids":[]}"#, ["/customer_ids"]), (#"{"customer_ids":["a",null]}"#, ["/customer_ids/1"]),
            (#"{"features":5}"#, ["/features"]), (#"{"features":[]}"#, ["/features"]),
            (#"{"features":[{},7]}"#, ["/features/1"]), (#"{"features":{"nonsense":1}}"#, ["/features/nonsense"]),
            (
                #"{"features":{"tenure":"x","contract":"For ever","monthlycharges":true}}"#,
                ["/features/contract", "/features/monthlycharges", "/features/tenure"]
            ),
            (#"{"features":[{"tenure":1},{"tenure":"x"}]}"#, ["/features/1/tenure"]),
            (#"{"features":{"tenure":1e31}}"#, ["/features/tenure"]),
            (#"{"features":{"tenure":1,"TENURE":2}}"#, ["/features/tenure"]),
            (#"{}"#, []), (#"{"customer_id":"a","features":{}}"#, []), (#"{"other":1}"#, []),
        ] as [(String, [String])])
    func wrong(_ body: String, _ pointers: [String]) async throws {
        let answer = try await Self.ask(body)
        #expect(answer.status == 400)
        #expect(answer.json?["code"] == .text("bad_body"))
        let named: [String] = (answer.json?["errors"]?.list ?? []).compactMap { $0["name"]?.text }
        #expect(named == pointers)
    }

    @Test("more customers than allowed are refused")
    func tooMany() async throws {
        let ids = Array(repeating: #""a""#, count: ScoreForm.maximumCustomers + 1).joined(separator: ",")
        #expect(try await Self.ask("{\"customer_ids\":[\(ids)]}").status == 400)
        let rows = Array(repeating: "{}", count: ScoreForm.maximumRows + 1).joined(separator: ",")
        #expect(try await Self.ask("{\"features\":[\(rows)]}").status == 400)
    }

    @Test("a server without a model says so, and a refusal of the model is the request's fault")
    func models() async throws {
        let none = try await Self.ask(#"{"features":{}}"#, predictor: nil)
        #expect(none.status == 503)
        #expect(none.json?["code"] == .text("no_model"))
        let refused = try await Self.ask(#"{"features":{}}"#, predictor: ChargePredictor(refuses: true))
        #expect(refused.status == 422)
        #expect(!refused.body.contains("canary"))
    }

    @Test("the serving model is described, and none where there is none")
    func description() async throws {
        let model = ModelDescription(
            version: "v1", domain: "telco", library: "xgboost 3", trainingRows: 10, trainingPositives: 4, trees: 7,
            metrics: ["auc": 0.84])
        try await Self.queries.serve(
            models: ModelSlot(ModelLineup(champion: LoadedModel(predictor: ChargePredictor(), description: model)))
        ) { server in
            let json = try await server.request("/api/models").json?["models"]
            #expect(json?.list.count == 1)
            #expect(json?[0]?["version"] == .text("v1"))
            #expect(json?[0]?["metrics"] == .object(["auc": .number(0.84)]))
            #expect(json?[0]?["training"]?["trees"] == .number(7))
        }
        try await Self.queries.serve { server in
            let json = try await server.request("/api/models").json
            #expect(json == .object(["models": .list([])]))
        }
    }

    @Test("registered models are listed with their roles, those that serve here first")
    func registry() async throws {
        func model(_ version: String) -> RegisteredModel {
            RegisteredModel(
                description: ModelDescription(
                    version: version, domain: "telco", library: "x", trainingRows: 1, trainingPositives: 1, trees: 1,
                    metrics: ["auc": 0.5]),
                bundle: BundleReference(digest: version), schemaDigest: "", source: "", registered: TestQueries.time,
                registeredBy: "cli:me")
        }
        let registry = InMemoryModelRegistry()
        for version in ["test-1", "v2"] { _ = try await registry.register(model(version), files: []) }
        _ = try await registry.change(.promote("test-1"), in: "telco", by: "cli:me", at: TestQueries.time)
        try await Self.queries.serve(models: ModelSlot(ChargePredictor()), registry: registry) { server in
            let models = try #require(try await server.request("/api/models").json?["models"])
            #expect(models.list.map { $0["version"]?.text } == ["test-1", "v2"])
            #expect(models.list.map { $0["role"]?.text } == ["champion", "archived"])
            #expect(models.list.map { $0["status"]?.text } == ["serving", "registered"])
            #expect(models.list.map { $0["registered_by"]?.text } == ["cli:me", "cli:me"])
            #expect(models[0]?["registered_at"] == .text(TestQueries.time.iso8601))
        }
    }

    @Test("the domain names its columns, segments, bands and actions")
    func domain() async throws {
        try await Self.queries.serve { server in
            let json = try #require(try await server.request("/api/domain").json)
            #expect(json["id_column"] == .text("customerid"))
            #expect(json["segment_column"] == .text("contract"))
            #expect(json["value_column"] == .text("monthlycharges"))
            #expect(json["tenure_column"] == .text("tenure"))
            #expect(json["columns"]?.list.count == Domain.telco.schema.count)
            let bounds: [JSONValue?] = (json["bands"]?.list ?? []).map { $0["from"] }
            #expect(bounds == [.number(0.85), .number(0.7), .number(0.4), .number(0)])
            #expect(json["actions"]?.list.count == Domain.telco.actions.count)
            #expect(json["event_types"]?.list.count == Domain.telco.eventOrder.count)
            let status = try await server.request("/api/domain?x=1").status
            #expect(status == 400)
        }
    }
}
