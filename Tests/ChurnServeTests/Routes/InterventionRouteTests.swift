import ChurnCore
import ChurnInsight
import Testing

@testable import ChurnServe

@Suite(.timeLimit(.minutes(2))) struct InterventionRouteTests {
    private static let path = "/api/customer/a/log-intervention"
    private static let queries = TestQueries(customers: [TestQueries.customer("a")])

    @Test("an intervention keeps type, description, agent and time")
    func whole() async throws {
        let queries = TestQueries(customers: [TestQueries.customer("a")])
        try await queries.serve { server in
            let answer = try await server.post(
                Self.path,
                #"{"customer_id":"a","intervention_type":"call","description":"Asked \"why\"","agent":"ann","#
                    + #""timestamp":"2026-01-31T12:00:00Z","extra":1}"#)
            #expect(answer.status == 201)
            #expect(answer.json?["status"] == .text("success"))
            let expected: JSONValue = .object([
                "log_id": .number(1), "customer_id": .text("a"), "action_taken": .text("Asked \"why\""),
                "log_timestamp": .text("2026-01-31T12:00:00.000000Z"), "agent_id": .text("ann"),
                "intervention_type": .text("call"), "description": .text("Asked \"why\""),
            ])
            #expect(answer.json?["log"] == expected)
        }
        #expect(queries.kept.withLock { $0.count } == 1)
    }

    @Test("the agent is System and the time is now by default")
    func defaults() async throws {
        let queries = TestQueries(customers: [TestQueries.customer("a")])
        try await queries.serve { server in
            let answer = try await server.post(Self.path, #"{"intervention_type":"call","agent":null}"#)
            #expect(answer.json?["log"]?["agent_id"] == .text("System"))
        }
        let kept = try #require(queries.kept.withLock { $0.first })
        #expect(kept == NewIntervention(customerID: "a", action: "call", type: "call", time: TestQueries.time))
    }

    @Test("a write's own key reaches the log of interventions, and is not part of the answer")
    func writeKey() async throws {
        let queries = TestQueries(customers: [TestQueries.customer("a")])
        try await queries.serve { server in
            let answer = try await server.post(Self.path, #"{"intervention_type":"call","write_key":"k1"}"#)
            #expect(answer.status == 201)
            #expect(answer.json?["log"]?["write_key"] == nil)
        }
        #expect(queries.kept.withLock { $0.first?.writeKey } == "k1")
    }

    @Test(
        "an action of the domain is what was done, whichever member names it",
        arguments: [
            #"{"action":"offer_tech_support","description":"by phone"}"#,
            #"{"intervention_type":"offer_tech_support","description":"by phone"}"#,
            #"{"action_id":"offer_tech_support","description":"by phone"}"#,
        ])
    func action(_ body: String) async throws {
        try await Self.queries.serve { server in
            let answer = try await server.post(Self.path, body)
            #expect(answer.json?["log"]?["action_taken"] == .text("offer_tech_support"))
            #expect(answer.json?["log"]?["description"] == .text("by phone"))
        }
    }

    @Test("an intervention names its action and its case")
    func links() async throws {
        let queries = TestQueries(customers: [TestQueries.customer("a")])
        try await queries.serve { server in
            let answer = try await server.post(Self.path, #"{"action_id":"offer_tech_support","alert_id":7}"#)
            #expect(answer.json?["log"]?["action_id"] == .text("offer_tech_support"))
            #expect(answer.json?["log"]?["alert_id"] == .number(7))
        }
        let kept = try #require(queries.kept.withLock { $0.first })
        #expect(kept.actionID == "offer_tech_support" && kept.caseID == 7)
    }

    @Test(
        "what is wrong is 400 and named by a pointer",
        arguments: [
            (#"{"action":"fire_the_agent"}"#, "/action"), (#"{"intervention_type":5}"#, "/intervention_type"),
            (#"{"intervention_type":""}"#, "/intervention_type"), (#"{}"#, "/intervention_type"),
            (#"{"intervention_type":"a\u0000"}"#, "/intervention_type"),
            (#"{"intervention_type":"a","agent":[]}"#, "/agent"),
            (#"{"intervention_type":"a","alert_id":"7"}"#, "/alert_id"),
            (#"{"intervention_type":"a","alert_id":1.5}"#, "/alert_id"),
            (#"{"intervention_type":"a","write_key":""}"#, "/write_key"),
            (#"{"action_id":"offer_discount","action":"none"}"#, "/action"),
            (#"{"action":"offer_discount","action_id":"none"}"#, "/action_id"),
            (#"{"intervention_type":"a","timestamp":"soon"}"#, "/timestamp"),
            (#"{"intervention_type":"a","timestamp":1e300}"#, "/timestamp"),
            (#"{"description":"\#(String(repeating: "x", count: 4_001))"}"#, "/description"),
        ])
    func wrong(_ body: String, _ pointer: String) async throws {
        try await Self.queries.serve { server in
            let answer = try await server.post(Self.path, body)
            #expect(answer.status == 400)
            #expect(answer.json?["code"] == .text("bad_body"))
            let named = (answer.json?["errors"]?.list ?? []).compactMap { $0["name"]?.text }
            #expect(named == [pointer])
        }
    }

    @Test("all faults of a body are reported at once")
    func allFaults() async throws {
        try await Self.queries.serve { server in
            let answer = try await server.post(Self.path, #"{"action":"x","agent":1,"timestamp":true}"#)
            #expect(answer.json?["errors"]?.list.count == 3)
        }
    }

    @Test(
        "a body that is not JSON is 400, and one that does not say that it is JSON is 415",
        arguments: [
            ("{", "application/json", 400), ("[]", "application/json", 400), ("", "application/json", 400),
            ("{\"a\":1e999}", "application/json", 400), ("{\"a\":\"\\ud800\"}", "application/json", 400),
            (#"{"action":"offer_tech_support"}"#, "Application/JSON ; charset=utf-8", 201),
            (#"{"action":"offer_tech_support"}"#, "text/plain", 415), (#"{"action":"offer_tech_support"}"#, nil, 415),
            (String(repeating: "[", count: 20_000), "application/json", 400),
            ("{\"a\":" + String(repeating: "[", count: 20_000) + "}", "application/json", 400),
        ] as [(String, String?, Int)])
    func mediaTypes(_ body: String, _ type: String?, _ status: Int) async throws {
        try await Self.queries.serve { server in
            let answer = try await server.post(Self.path, body, type: type)
            #expect(answer.status == status)
        }
    }

    @Test("an unknown customer is 404, another one in the body 409, and a body that is too large 413")
    func otherStatuses() async throws {
        try await Self.queries.serve { server in
            let unknown = try await server.post("/api/customer/b/log-intervention", #"{"intervention_type":"a"}"#)
            #expect(unknown.status == 404)
            let other = try await server.post(Self.path, #"{"intervention_type":"a","customer_id":"b"}"#)
            #expect(other.status == 409)
            let large = try await server.request(
                Self.path, method: "POST", headers: "Content-Type: application/json\r\nContent-Length: 70000\r\n")
            #expect(large.status == 413)
        }
    }

    @Test("another method is 405 with those that there are", arguments: ["GET", "PUT", "DELETE", "PATCH"])
    func methods(_ method: String) async throws {
        try await Self.queries.serve { server in
            let answer = try await server.request(Self.path, method: method)
            #expect(answer.status == 405)
            #expect(answer.header("allow") == "POST")
            #expect(answer.header("content-type") == "application/problem+json")
        }
    }
}
