import ChurnCore
import ChurnInsight
import ServeTestSupport
import Testing

@testable import ChurnServe

@Suite(.timeLimit(.minutes(2))) struct HistoryRouteTests {
    private static func queries(_ count: Int64) -> TestQueries {
        TestQueries(
            customers: [TestQueries.customer("a", score: 0.8)],
            logged: (1...count).reversed().map { number in
                TestQueries.event(number, of: "a", probability: 0.8, isAlert: true)
            })
    }

    @Test("events have the contract's names, newest first")
    func events() async throws {
        try await Self.queries(3).serve { server in
            let json = try #require(try await server.request("/api/events/history").json)
            let ids: [JSONValue?] = json.list.map { $0["event_id"] }
            #expect(ids == [.number(3), .number(2), .number(1)])
            let event = try #require(json[0])
            #expect(event["user_id"] == .text("a"))
            #expect(event["event_type"] == .text("contract_downgrade"))
            #expect(event["event_timestamp"] == .text("2023-11-14T22:13:20.250000Z"))
            #expect(event["event_data"]?["user_id"] == .text("a"))
            #expect(event["churn_probability"] == .number(0.8))
        }
    }

    @Test("alerts have the contract's names with their customer as it is now")
    func alerts() async throws {
        try await Self.queries(1).serve { server in
            let json = try #require(try await server.request("/api/churn-alerts-history").json)
            let alert = try #require(json[0])
            #expect(alert["id"] == .number(1))
            #expect(alert["customer_id"] == .text("a"))
            #expect(alert["churn_probability"] == .number(0.8))
            #expect(alert["churn_risk"] == .text("High"))
            #expect(alert["contract_type"] == .text("Month-to-month"))
            #expect(alert["monthly_charges"] == .number(29.85))
            #expect(alert["total_charges"] == .null)
            #expect(alert["tenure"] == .number(1))
            #expect(alert["techsupport"] == .text("No"))
        }
    }

    @Test("an alert is written whole, whatever its texts and numbers are like")
    func extremes() async throws {
        let text = String(repeating: "\u{1}\"\\🙂", count: 50)
        var customer = TestQueries.customer(text, contract: text, score: 0.8)
        for index in customer.features.indices {
            if case .number = customer.features[index] { customer.features[index] = .number(-1.7976931348623157e308) }
        }
        let event = TestQueries.event(.max - 1, of: text, probability: 0.1 + 0.7 + 1e-16, isAlert: true)
        let bare = TestQueries.event(1, of: "gone", probability: nil, isAlert: true)
        try await TestQueries(customers: [customer], logged: [event, bare]).serve { server in
            let json = try #require(try await server.request("/api/churn-alerts-history").json)
            #expect(json.list.count == 2 && json[0]?["customer_id"] == .text(text))
            #expect(json[0]?["contract_type"] == .text(text))
            #expect(json[0]?["monthly_charges"] == .number(-1.7976931348623157e308))
            #expect(json[0]?["event_timestamp"] == .text(TestQueries.time.iso8601))
            #expect(json[0]?["became_at_risk"] == .flag(true))
            #expect(json[1]?["churn_probability"] == .null && json[1]?["churn_risk"] == .null)
            #expect(json[1]?.names == json[0]?.names)
        }
    }

    @Test("an alert of a customer that was removed has no features")
    func removed() async throws {
        let queries = TestQueries(logged: [TestQueries.event(1, of: "gone", probability: 0.9, isAlert: true)])
        try await queries.serve { server in
            let alert = try #require(try await server.request("/api/churn-alerts-history").json?[0])
            #expect(alert["contract_type"] == .null)
            #expect(alert["churn_risk"] == .text("Critical"))
        }
    }

    @Test(
        "following the Link header walks through everything once",
        arguments: ["events/history", "churn-alerts-history"])
    func paging(_ name: String) async throws {
        try await Self.queries(25).serve { server in
            var seen: [Double] = []
            var path: String? = "/api/\(name)?limit=10"
            while let next = path {
                let answer = try await server.request(next)
                for item in answer.json?.list ?? [] {
                    if case .number(let id)? = item["event_id"] ?? item["id"] { seen.append(id) }
                }
                path = answer.header("link").flatMap { $0.split(separator: ">").first }.map { String($0.dropFirst()) }
            }
            #expect(seen == (1...25).reversed().map { Double($0) })
        }
    }

    @Test(
        "a page of alerts that comes in portions is the page as a whole, and names the next one", arguments: [1, 7, 25])
    func portions(_ portion: Int) async throws {
        var queries = Self.queries(25)
        let whole = Locked<[String]>([])
        let paths = [25, 24, 20, 7, 1].map { "/api/churn-alerts-history?before=26&limit=\($0)" }
        try await queries.serve { server in
            for path in paths {
                let answer = try await server.request(path)
                whole.withLock { $0.append("\(answer.header("link") ?? "no next page") \(answer.body)") }
            }
        }
        queries.alertPortion = portion
        try await queries.serve { server in
            for (path, expected) in zip(paths, whole.withLock { $0 }) {
                let answer = try await server.request(path)
                #expect("\(answer.header("link") ?? "no next page") \(answer.body)" == expected)
                let length = answer.header("content-length").flatMap { Int($0) }
                #expect(length == answer.body.utf8.count)
            }
            let none = try await server.request("/api/churn-alerts-history?before=1&limit=7")
            #expect(none.body == "[]" && none.header("link") == nil)
        }
    }

    @Test("a store that goes away within a page of alerts makes it a problem, and no shorter page", arguments: [1, 3])
    func lostStore(_ failing: Int) async throws {
        let calls = Locked(0)
        var queries = Self.queries(25)
        queries.alertPortion = 7
        queries.before = {
            let number = calls.withLock { calls in
                calls += 1
                return calls
            }
            if number == failing { throw ChurnError(.storeUnavailable, .retry, during: "look up") }
        }
        try await queries.serve { server in
            let failed = try await server.request("/api/churn-alerts-history?limit=25")
            #expect(failed.status == 503 && failed.header("retry-after") != nil)
            #expect(failed.json?["code"] != nil && failed.header("link") == nil)
            let answer = try await server.request("/api/churn-alerts-history?limit=25")
            #expect(answer.status == 200 && answer.json?.list.count == 25)
        }
    }

    @Test("a client that leaves within a long page keeps no other from the next")
    func leaving() async throws {
        try await Self.queries(7_100).serve { server in
            for _ in 0..<3 {
                let client = try await RawClient.connect(port: server.port, receiveBuffer: 4_096)
                try await client.send(
                    "GET /api/churn-alerts-history?limit=7048 HTTP/1.1\r\nHost: localhost:\(server.port)\r\n\r\n")
                try await eventually("the page has begun") { !client.received.isEmpty }
                client.close()
            }
            let answer = try await server.request("/api/churn-alerts-history?limit=7048")
            #expect(answer.json?.list.count == 7_048)
        }
    }

    @Test(
        "limits are capped at the contract's", arguments: [("events/history", 1_000), ("churn-alerts-history", 7_048)])
    func caps(_ name: String, _ cap: Int) async throws {
        try await Self.queries(7_100).serve { server in
            let answer = try await server.request("/api/\(name)?limit=8000")
            #expect(answer.json?.list.count == cap)
            for wrong in ["limit=0", "limit=x", "before=0", "before=-1"] {
                let status = try await server.request("/api/\(name)?\(wrong)").status
                #expect(status == 400)
            }
        }
    }

    @Test("feature importances are listed, and nothing where none were computed")
    func importances() async throws {
        var queries = TestQueries()
        try await queries.serve { server in
            let body = try await server.request("/api/shap-summary").body
            #expect(body == "[]")
        }
        queries.importances = (0..<12).map {
            FeatureImportance(feature: "f\($0)", importance: 1 / Double($0 + 1), modelVersion: $0 == 0 ? "m1" : nil)
        }
        try await queries.serve { server in
            let json = try await server.request("/api/shap-summary").json
            #expect(json?.list.count == 10)
            #expect(
                json?[0]
                    == .object(["feature": .text("f0"), "importance": .number(1), "model_version": .text("m1")]))
            #expect(json?[1]?["model_version"] == .null)
        }
    }
}
