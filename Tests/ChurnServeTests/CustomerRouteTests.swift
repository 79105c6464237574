import ChurnCore
import ChurnInsight
import Testing

@testable import ChurnServe

/// A directory with configured answers.
private struct TestDirectory: CustomerDirectory {
    var answer: @Sendable (String) async throws -> CustomerRecord?

    func customer(id: String, recentEvents: Int) async throws -> CustomerRecord? { try await self.answer(id) }
    func customerIDs(after id: String?, limit: Int) async throws -> [String] { [] }
    func customerCount() async throws -> Int { 0 }
    func importCustomers(_ customers: [CustomerState]) async throws -> Int { 0 }
}

@Suite(.timeLimit(.minutes(2))) struct CustomerRouteTests {
    private static func state(id: String, latest: LatestScore?) -> CustomerState {
        let features: [FeatureValue] = Domain.telco.schema.features.map { feature in
            switch feature.name {
            case "TotalCharges": .missing
            case "MonthlyCharges": .number(29.85)
            case "Contract": .text("Month-to-month")
            default: feature.type == .numeric ? .number(1) : .text("No")
            }
        }
        return CustomerState(id: id, features: features, version: 3, latest: latest)
    }

    private static func get(
        _ path: String, limits: ServerLimits = ServerLimits(),
        _ answer: @escaping @Sendable (String) async throws -> CustomerRecord?
    ) async throws -> Answer {
        let result = Result()
        try await ServeHarness.run(limits: limits, customers: TestDirectory(answer: answer)) { server in
            await result.set(try await server.request(path))
        }
        return try #require(await result.answer)
    }

    private actor Result {
        var answer: Answer?
        func set(_ answer: Answer) { self.answer = answer }
    }

    @Test("a customer has every column, the score, the events and the interventions")
    func whole() async throws {
        let answer = try await Self.get("/api/customer/7590-VHVEG") { id in
            let score = LatestScore(
                probability: 0.8125, band: .high, time: Timestamp(microseconds: 1_700_000_000_250_000))
            let event = RecentEvent(
                eventID: 12, type: EventType(rawValue: "contract_downgrade"),
                time: Timestamp(microseconds: 1_700_000_000_000_000), json: Array(#"{"user_id":"x"}"#.utf8),
                probability: nil)
            let intervention = Intervention(
                id: 4, action: "Call \"now\"\n", time: Timestamp(microseconds: 0), agent: "System")
            return CustomerRecord(
                state: Self.state(id: id, latest: score), recentEvents: [event], interventions: [intervention])
        }
        #expect(answer.status == 200)
        for part in [
            #""customerid":"7590-VHVEG""#, #""monthlycharges":29.85"#, #""totalcharges":null"#,
            #""contract":"Month-to-month""#, #""seniorcitizen":1"#, #""churn_probability":0.8125"#,
            #""prediction_timestamp":"2023-11-14T22:13:20.250000Z""#, #""event_data":{"user_id":"x"}"#,
            #""event_type":"contract_downgrade""#, #""action_taken":"Call \"now\"\n""#,
            #""log_timestamp":"1970-01-01T00:00:00.000000Z""#, #""agent_id":"System""#,
        ] { #expect(answer.body.contains(part), "\(part)") }
        for feature in Domain.telco.schema.features { #expect(answer.body.contains("\"\(feature.column)\":")) }
    }

    @Test("a customer that was never scored has no score")
    func unscored() async throws {
        let answer = try await Self.get("/api/customer/a") {
            CustomerRecord(state: Self.state(id: $0, latest: nil), recentEvents: [], interventions: [])
        }
        #expect(answer.body.contains(#""churn_probability":null"#))
        #expect(answer.body.contains(#""prediction_timestamp":null"#))
        #expect(answer.body.contains(#""recent_events":[]"#))
    }

    @Test(
        "an id comes out of its percent-encoding, and what is no id is not found",
        arguments: [
            ("/api/customer/a%2Fb%20%C3%BC", "a/b ü"), ("/api/customer/%00", nil), ("/api/customer/%zz", nil),
            ("/api/customer/%ff", nil), ("/api/customer/" + String(repeating: "a", count: 300), nil),
            ("/api/customer/..%2f..%2fetc", "../../etc"),
        ] as [(String, String?)])
    func ids(_ path: String, _ id: String?) async throws {
        let answer = try await Self.get(path) {
            CustomerRecord(state: Self.state(id: $0, latest: nil), recentEvents: [], interventions: [])
        }
        #expect(answer.status == (id == nil ? 404 : 200))
        if let id { #expect(answer.body.contains("\"customerid\":\"\(id)\"")) }
    }

    @Test(
        "an id that a path cannot carry stands in the query, with a dash in its place",
        arguments: [
            ("A%2FB%201", "A/B 1"), ("..", ".."), (".", "."), ("100%25", "100%"), ("-", "-"), ("a+b", "a b"),
            ("a%2Bb", "a+b"), ("%F0%9F%A6%8A", "\u{1F98A}"),
        ])
    func inQuery(_ text: String, _ id: String) async throws {
        let answer = try await Self.get("/api/customer/-?user_id=\(text)") { asked in
            CustomerRecord(
                state: Self.state(id: asked, latest: nil), recentEvents: [], interventions: [])
        }
        #expect(answer.status == 200)
        #expect(answer.json?["details"]?["customerid"] == .text(id))
    }

    @Test(
        "what names two customers, or none, is refused",
        arguments: [
            ("/api/customer/-?user_id=a&user_id=b", 400),
            ("/api/customer/-?user_id=", 404), ("/api/customer/-?user_id=%00", 400),
            ("/api/customer/-?user_id=%FF", 400),
        ])
    func ambiguous(_ path: String, _ status: Int) async throws {
        let answer = try await Self.get(path) { _ in nil }
        #expect(answer.status == status)
    }

    @Test("the path names the customer where it has no dash, whatever the query says")
    func pathFirst() async throws {
        let answer = try await Self.get("/api/customer/a?user_id=b") { asked in
            CustomerRecord(state: Self.state(id: asked, latest: nil), recentEvents: [], interventions: [])
        }
        #expect(answer.json?["details"]?["customerid"] == .text("a"))
    }

    @Test("every address that has a customer in its path takes the id from the query too")
    func everyAddress() async throws {
        let addresses = Endpoint.all().filter { $0.path.hasPrefix("/api/customer/{id}") }
        #expect(addresses.count >= 5)
        for endpoint in addresses {
            #expect(endpoint.parameters.contains { $0.name == "user_id" && $0.place == .query }, "\(endpoint.path)")
        }
        try await TestQueries(customers: [TestQueries.customer("a/b")]).serve { server in
            for part in ["", "/timeline", "/changes", "/timeline?limit=5"] {
                let mark = part.contains("?") ? "&" : "?"
                let answer = try await server.request("/api/customer/-\(part)\(mark)user_id=a%2Fb")
                #expect(answer.status == 200, "\(part)")
            }
            let logged = try await server.post(
                "/api/customer/-/log-intervention?user_id=a%2Fb", #"{"customer_id":"a/b","intervention_type":"call"}"#)
            #expect(logged.status == 201 && logged.json?["log"]?["customer_id"] == .text("a/b"))
        }
    }

    @Test("an unknown customer is not found")
    func unknown() async throws {
        let answer = try await Self.get("/api/customer/nobody") { _ in nil }
        #expect(answer.status == 404)
        #expect(answer.body.contains(#""code":"customer_not_found""#))
    }

    @Test(
        "a store that fails is 503 with a time to come back, and nothing of its error",
        arguments: [
            (FailureDisposition.retry, 503), (.fatal, 500), (.reject, 500),
        ])
    func failing(_ disposition: FailureDisposition, _ status: Int) async throws {
        let answer = try await Self.get("/api/customer/a") { _ in
            throw ChurnError(.storeUnavailable, disposition, during: "look up", advice: "canary-4711")
        }
        #expect(answer.status == status)
        #expect((answer.header("retry-after") != nil) == (status == 503))
        #expect(!answer.head.contains("canary") && !answer.body.contains("canary"))
    }

    @Test("a store that does not answer is given up at the deadline")
    func deadline() async throws {
        var limits = ServerLimits()
        limits.requestDeadline = .milliseconds(50)
        let answer = try await Self.get("/api/customer/a", limits: limits) { _ in
            try await Task.sleep(for: .seconds(600))
            return nil
        }
        #expect(answer.status == 503)
        #expect(answer.body.contains(#""code":"timed_out""#))
    }
}
