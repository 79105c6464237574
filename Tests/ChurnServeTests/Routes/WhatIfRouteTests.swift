import ChurnCore
import ChurnInsight
import ChurnTesting
import ServeTestSupport
import Testing

@testable import ChurnServe

@Suite(.timeLimit(.minutes(2))) struct WhatIfRouteTests {
    private static let queries = TestQueries(customers: [TestQueries.customer("a")])

    private static func ask(_ body: String, predictor: (any Predictor)? = DigestPredictor(domain: .telco)) async throws
        -> Answer
    {
        let answer = Locked<Answer?>(nil)
        try await Self.queries.serve(models: predictor.map { ModelSlot($0) } ?? ModelSlot()) { server in
            let got = try await server.post("/api/simulate", body)
            answer.withLock { $0 = got }
        }
        return try #require(answer.withLock { $0 })
    }

    @Test("an impossible value is refused with its field and its limits")
    func limits() async throws {
        let answer = try await Self.ask(#"{"customer_id":"a","changes":{"tenure":-5,"seniorcitizen":2}}"#)
        #expect(
            (answer.json?["errors"]?.list ?? []).compactMap { $0["detail"]?.text } == [
                "SeniorCitizen is a number from 0 to 1, or null where it is not known.",
                "tenure is a number of at least 0, or null where it is not known.",
            ])
    }

    @Test("the actions that are possible are answered with the scores and gains of the what-if, in its order")
    func actions() async throws {
        let answer = try await Self.ask(#"{"customer_id":"a"}"#)
        #expect(answer.status == 200)
        let state = try #require(Self.queries.customers.first)
        let report = try await WhatIf(domain: .telco, predictor: DigestPredictor(domain: .telco))
            .report(on: state.features)
        let json = try #require(answer.json)
        #expect(json["customer_id"] == .text("a") && json["model_version"] == .text("digest-1"))
        #expect(json["churn_probability"] == .number(report.probability))
        #expect(json["value"] == report.value.map { .number($0) })
        #expect(json["scenario"] == nil)
        let outcomes = json["actions"]?.list ?? []
        #expect(outcomes.count == report.outcomes.count && !outcomes.isEmpty)
        for (shown, outcome) in zip(outcomes, report.outcomes) {
            #expect(shown["actions"] == .list(outcome.actions.map { .text($0) }))
            #expect(shown["churn_probability"] == .number(outcome.probability))
            #expect(shown["change"] == .number(outcome.change))
            #expect(shown["text"] == .text(outcome.text) && shown["label"] == .text(outcome.label))
            #expect(shown["expected_loss_before"] == outcome.valueAtRiskBefore.map { .number(Self.money($0)) })
            #expect(shown["expected_loss_after"] == outcome.valueAtRiskAfter.map { .number(Self.money($0)) })
            #expect(shown["expected_gain"] == outcome.expectedGain.map { .number(Self.money($0)) })
            #expect(shown["evidence"] == .text("model") && shown["caveats"] == .list([]))
            #expect(shown["value_at_risk_before"] == outcome.valueAtRiskBefore.map { .number(Self.money($0)) })
            #expect(shown["value_at_risk_after"] == outcome.valueAtRiskAfter.map { .number(Self.money($0)) })
        }
    }

    private static func money(_ amount: Double) -> Double { (amount * 100).rounded() / 100 }

    @Test("a scenario's changes are shown by column, with its own score")
    func scenario() async throws {
        let answer = try await Self.ask(
            #"{"customer_id":"a","actions":["offer_discount"],"changes":{"Contract":"Two year","tenure":30}}"#)
        #expect(answer.status == 200)
        let scenario = answer.json?["scenario"]
        #expect(scenario?["changes"]?["contract"] == .text("Two year"))
        #expect(scenario?["changes"]?["tenure"] == .number(30))
        #expect(scenario?["actions"] == .list([.text("offer_discount")]))
        #expect(scenario?["label"] == .text("Discount of 10 a month, tenure to 30 and contract to Two year"))
    }

    @Test(
        "what is wrong is 400 and named by a pointer",
        arguments: [
            ("{}", ["/customer_id"]), (#"{"customer_id":7.5}"#, ["/customer_id"]),
            (#"{"customer_id":"a","changes":{"nonsense":1}}"#, ["/changes/nonsense"]),
            (#"{"customer_id":"a","changes":{"tenure":"long"}}"#, ["/changes/tenure"]),
            (#"{"customer_id":"a","changes":{"Contract":"Forever"}}"#, ["/changes/contract"]),
            (#"{"customer_id":"a","changes":{"tenure":-5}}"#, ["/changes/tenure"]),
            (#"{"customer_id":"a","changes":{"SeniorCitizen":2}}"#, ["/changes/seniorcitizen"]),
            (#"{"customer_id":"a","changes":{"gender":"Male"}}"#, ["/changes/gender"]),
            (#"{"customer_id":"a","changes":{"tenure":1,"Tenure":2}}"#, ["/changes/tenure"]),
            (#"{"customer_id":"a","changes":{"<script>":1}}"#, ["/changes"]),
            (#"{"customer_id":"a","changes":[1]}"#, ["/changes"]),
            (#"{"customer_id":"a","actions":["nonsense"]}"#, ["/actions/0"]),
            (#"{"customer_id":"a","actions":"all"}"#, ["/actions"]),
            (#"{"customer_id":"a","more":1}"#, ["/more"]),
            (#"{"customer_id":"a","actions":[1],"changes":{"x":1}}"#, ["/actions/0", "/changes/x"]),
        ])
    func wrong(_ body: String, _ pointers: [String]) async throws {
        let answer = try await Self.ask(body)
        #expect(answer.status == 400)
        #expect((answer.json?["errors"]?.list ?? []).compactMap { $0["name"]?.text } == pointers)
    }

    @Test("an unknown customer is 404, an impossible action 409, and a server without a model answers 503")
    func refused() async throws {
        #expect(try await Self.ask(#"{"customer_id":"nobody"}"#).status == 404)
        let twice = try await Self.ask(
            #"{"customer_id":"a","actions":["offer_two_year_contract","offer_two_year_contract"]}"#)
        #expect(twice.status == 409 && twice.json?["code"] == .text("action_not_possible"))
        #expect(try await Self.ask(#"{"customer_id":"a"}"#, predictor: nil).status == 503)
    }

    @Test("a customer's recommended actions are those that lower the probability and pay, best first")
    func recommended() async throws {
        let answer = Locked<Answer?>(nil)
        try await Self.queries.serve(models: ModelSlot(DigestPredictor(domain: .telco))) { server in
            let got = try await server.request("/api/customer/a")
            answer.withLock { $0 = got }
        }
        let state = try #require(Self.queries.customers.first)
        let report = try await WhatIf(domain: .telco, predictor: DigestPredictor(domain: .telco))
            .report(on: state.features)
        let shown = try #require(answer.withLock { $0 }?.json?["recommended_actions"]?.list)
        #expect(!shown.isEmpty && shown.count <= 5)
        #expect(shown.compactMap { $0["text"]?.text } == report.recommended(5).map(\.text))
        for outcome in shown {
            guard case .number(let change)? = outcome["change"] else { throw GaveUp() }
            #expect(change < 0)
        }
    }

    @Test("a customer of a server without a model has no recommended actions")
    func noModel() async throws {
        let answer = Locked<Answer?>(nil)
        try await Self.queries.serve(models: ModelSlot()) { server in
            let got = try await server.request("/api/customer/a")
            answer.withLock { $0 = got }
        }
        #expect(answer.withLock { $0 }?.json?["recommended_actions"] == .list([]))
    }
}
