import ChurnCore
import ChurnInsight
import ChurnMemory
import Testing

@testable import ChurnServe

@Suite("People act on cases by HTTP", .timeLimit(.minutes(2)))
struct CaseRouteTests {
    private static let json = "Content-Type: application/json\r\n"

    /// Lets customers become at risk with these probabilities; their cases are numbered from 1.
    private static func raise(_ events: [(String, Double)], in server: ServeHarness) async throws {
        let partition = StreamPartition(
            stream: StreamIdentity(name: StreamName(cluster: "c", topic: "t"), epoch: 0), partition: 0)
        let time = Timestamp(microseconds: 1_767_225_600_250_000)
        let scored = events.enumerated().map { index, event in
            ScoredEvent(
                eventID: Int64(index) + 1,
                event: CustomerEvent(
                    position: StreamPosition(partition: partition, offset: Int64(index)), customerID: event.0,
                    type: EventType(rawValue: "contract_downgrade"), time: time, recordTime: time,
                    json: Array("{}".utf8)),
                prediction: Prediction(
                    customerID: event.0, probability: event.1, band: .high, model: ModelIdentity(version: "m"),
                    stateVersion: 0, alert: AlertDecision(isAlert: true, becameAtRisk: true)))
        }
        _ = try await server.store.write(
            ScoredBatch(ranges: [OffsetRange(partition: partition, from: 0, to: Int64(events.count))], events: scored))
    }

    private static func post(
        _ server: ServeHarness, _ path: String, _ body: String, headers: String = json
    ) async throws -> Answer {
        try await server.request(
            path, method: "POST", headers: headers + "Content-Length: \(body.utf8.count)\r\n", body: body)
    }

    @Test("cases are listed newest first with their counts, page after page")
    func list() async throws {
        try await ServeHarness.run { server in
            try await Self.raise([("a", 0.75), ("b", 0.9), ("a", 0.8)], in: server)
            let first = try await server.request("/api/alerts?limit=2")
            #expect(first.status == 200)
            for part in [
                #"{"alerts":[{"alert_id":3,"customer_id":"a","reason":null,"event_type":"contract_downgrade","#,
                #""event_timestamp":"2026-01-01T00:00:00.250000Z","#, #""churn_probability":0.8,"churn_risk":"High","#,
                #""status":"open","assignee":null,"snoozed_until":null,"outcome":null,"changed_by":null,"#,
                #""changed_at":null,"version":0},{"alert_id":2,"#, #""next_before":2,"#,
                #""counts":{"open":3,"acknowledged":0,"assigned":0,"snoozed":0,"resolved":0}"#,
                #""open_count_is_capped":false"#,
            ] { #expect(first.body.contains(part), "\(part) is not in \(first.body)") }
            let second = try await server.request("/api/alerts?limit=2&before=2")
            #expect(second.body.contains(#"[{"alert_id":1,"#) && second.body.contains(#""next_before":null"#))
            for (query, ids) in [
                ("band=Critical", [2]), ("customer=a", [3, 1]), ("status=open&status=resolved", [3, 2, 1]),
                ("status=resolved", []), ("assignee=Kim", []), ("band=High&customer=a&limit=1", [3]),
            ] {
                let body = try await server.request("/api/alerts?\(query)").body
                let found = body.ranges(of: #""alert_id":"#).compactMap {
                    Int(body[$0.upperBound...].prefix { $0.isNumber })
                }
                #expect(found == ids, "\(query)")
            }
        }
    }

    @Test("a course of steps is kept with who took each, and each answer has the next version")
    func course() async throws {
        try await ServeHarness.run { server in
            try await Self.raise([("a", 0.75)], in: server)
            let steps: [(String, String, [String])] = [
                ("acknowledge", #"{"version":0}"#, [#""status":"acknowledged""#, #""changed_by":"System","#]),
                (
                    "assign", #"{"version":1,"assignee":"Lee","agent":"Kim"}"#,
                    [#""status":"assigned","assignee":"Lee""#, #""changed_by":"Kim","#]
                ),
                (
                    "snooze", #"{"version":2,"until":"TOMORROW"}"#,
                    [#""status":"snoozed","assignee":"Lee","snoozed_until":"TOMORROW""#]
                ),
                ("resolve", #"{"version":3,"outcome":"stays \"for now\""}"#, [#""outcome":"stays \"for now\"""#]),
                ("reopen", #"{"version":4}"#, [#""status":"open","assignee":null"#, #""outcome":null"#]),
            ]
            let tomorrow = CaseDependencies(store: server.store).now().advanced(by: .seconds(86_400)).iso8601
            for (index, step) in steps.enumerated() {
                let answer = try await Self.post(
                    server, "/api/alerts/1/\(step.0)", step.1.replacing("TOMORROW", with: tomorrow))
                #expect(answer.status == 200, "\(answer.body)")
                for part in step.2 + [#""version":\#(index + 1)}"#] {
                    #expect(answer.body.contains(part.replacing("TOMORROW", with: tomorrow)), "\(answer.body)")
                }
                let read = try await server.request("/api/alerts/1").body
                #expect(read == answer.body)
            }
        }
    }

    @Test("a case's history has each step with who, when, from where and to where, page after page")
    func history() async throws {
        try await ServeHarness.run { server in
            try await Self.raise([("a", 0.75), ("b", 0.8)], in: server)
            for (action, body) in [
                ("acknowledge", #"{"version":0,"agent":"Kim"}"#), ("assign", #"{"version":1,"assignee":"Lee"}"#),
                ("resolve", #"{"version":2,"agent":"Lee","outcome":"stays"}"#),
            ] { #expect(try await Self.post(server, "/api/alerts/1/\(action)", body).status == 200) }
            let first = try await server.request("/api/alerts/1/history?limit=2").body
            #expect(first.hasPrefix(#"{"alert_id":1,"items":[{"version":3,"changed_at":""#), "\(first)")
            for part in [
                #""changed_by":"Lee","from_status":"assigned","to_status":"resolved","assignee":"Lee","#
                    + #""snoozed_until":null,"outcome":"stays"},{"version":2,"#,
                #""changed_by":"System","from_status":"acknowledged","to_status":"assigned","assignee":"Lee""#,
                #""next_before":2}"#,
            ] { #expect(first.contains(part), "\(part) is not in \(first)") }
            let rest = try await server.request("/api/alerts/1/history?before=2").body
            #expect(rest.contains(#""from_status":"open","to_status":"acknowledged""#), "\(rest)")
            #expect(rest.hasSuffix(#""next_before":null}"#))
            let untouched = try await server.request("/api/alerts/2/history").body
            #expect(untouched == #"{"alert_id":2,"items":[],"next_before":null}"#)
        }
    }

    @Test("each step that changed a case is in the audit log, and no other")
    func audited() async throws {
        let access = try await TestAccess()
        try await ServeHarness.run(access: access.control) { server in
            try await Self.raise([("a", 0.75)], in: server)
            let agent = Self.json + "Authorization: Bearer \(access.token(.agent) ?? "")\r\n"
            for (body, status) in [(#"{"version":0}"#, 200), (#"{"version":0}"#, 409), (#"{"version":"x"}"#, 400)] {
                let answer = try await Self.post(server, "/api/alerts/1/acknowledge", body, headers: agent)
                #expect(answer.status == status)
            }
            let entries = try await access.audit.auditEntries(before: nil, limit: 10).map(\.entry)
            #expect(entries.map(\.actor) == ["key:agent"] && entries.map(\.action) == ["alert.acknowledge"])
            #expect(entries.first?.detail == "from open to acknowledged, version 1")
        }
    }

    @Test(
        "a body that only shows its size while it comes is refused as too large",
        arguments: ["/api/alerts/1/acknowledge", "/api/customer/a/log-intervention", "/api/broadcast-event"])
    func tooLarge(_ path: String) async throws {
        var limits = ServerLimits()
        limits.maximumBodyBytes = 20_000
        let queries = ServerQueries(customers: TestQueries(), store: TestQueries())
        try await ServeHarness.run(limits: limits, queries: queries) { server in
            let chunk = String(repeating: " ", count: 0x6000)
            let answer = try await server.request(
                path, method: "POST", headers: Self.json + "Transfer-Encoding: chunked\r\n",
                body: "6000\r\n\(chunk)\r\n0\r\n\r\n")
            #expect(answer.status == 413 && answer.body.contains(#""code":"body_too_large""#), "\(answer.body)")
        }
    }

    @Test("of two people who saw the same version, the second has to read again")
    func conflict() async throws {
        try await ServeHarness.run { server in
            try await Self.raise([("a", 0.75)], in: server)
            let first = try await Self.post(server, "/api/alerts/1/assign", #"{"version":0,"assignee":"Lee"}"#)
            #expect(first.status == 200)
            let second = try await Self.post(server, "/api/alerts/1/assign", #"{"version":0,"assignee":"Kim"}"#)
            #expect(second.status == 409 && second.body.contains(#""code":"alert_changed""#))
            let read = try await server.request("/api/alerts/1").body
            #expect(read.contains(#""assignee":"Lee""#))
        }
    }

    @Test(
        "a request that cannot be done is a problem that says why, and changes nothing",
        arguments: [
            ("POST", "/api/alerts/2/acknowledge", #"{"version":0}"#, 404, "alert_not_found"),
            ("POST", "/api/alerts/-1/acknowledge", #"{"version":0}"#, 404, "alert_not_found"),
            ("POST", "/api/alerts/99999999999999999999/reopen", #"{"version":0}"#, 404, "alert_not_found"),
            ("POST", "/api/alerts/1/reopen", #"{"version":0}"#, 409, "alert_open"),
            ("POST", "/api/alerts/1/acknowledge", "{}", 400, "/version"),
            ("POST", "/api/alerts/1/acknowledge", #"{"version":1.5}"#, 400, "/version"),
            ("POST", "/api/alerts/1/acknowledge", #"{"version":"0"}"#, 400, "/version"),
            ("POST", "/api/alerts/1/acknowledge", #"{"version":0,"agent":7}"#, 400, "/agent"),
            ("POST", "/api/alerts/1/acknowledge", "[]", 400, "malformed_json"),
            ("POST", "/api/alerts/1/acknowledge", "", 400, "malformed_json"),
            ("POST", "/api/alerts/1/assign", #"{"version":0}"#, 400, "/assignee"),
            ("POST", "/api/alerts/1/assign", #"{"version":0,"assignee":" "}"#, 400, "/assignee"),
            ("POST", "/api/alerts/1/assign", #"{"version":0,"assignee":"a\u0000"}"#, 400, "/assignee"),
            ("POST", "/api/alerts/1/resolve", #"{"version":0,"outcome":""}"#, 400, "/outcome"),
            ("POST", "/api/alerts/1/snooze", #"{"version":0}"#, 400, "/until"),
            ("POST", "/api/alerts/1/snooze", #"{"version":0,"until":"2001-01-01T00:00:00Z"}"#, 400, "/until"),
            ("POST", "/api/alerts/1/snooze", #"{"version":0,"until":"9999-01-01T00:00:00Z"}"#, 400, "/until"),
            ("POST", "/api/alerts/1/snooze", #"{"version":0,"until":1e300}"#, 400, "/until"),
            ("POST", "/api/alerts/1/ignore", #"{"version":0}"#, 404, "not_found"),
            ("GET", "/api/alerts/x", "", 404, "alert_not_found"), ("GET", "/api/alerts/7", "", 404, "alert_not_found"),
            ("GET", "/api/alerts?status=lost", "", 400, "status"), ("GET", "/api/alerts?band=high", "", 400, "band"),
            ("GET", "/api/alerts?limit=0", "", 400, "limit"), ("GET", "/api/alerts?limit=x", "", 400, "limit"),
            ("GET", "/api/alerts?before=-1", "", 400, "before"),
            ("GET", "/api/alerts?assignee=%00", "", 400, "assignee"),
            ("GET", "/api/alerts/7/history", "", 404, "alert_not_found"),
            ("GET", "/api/alerts/1/history?limit=0", "", 400, "limit"),
            ("GET", "/api/alerts/1/history?x=1", "", 400, "unknown_parameter"),
            ("GET", "/api/alerts?stauts=open", "", 400, "unknown_parameter"),
            ("GET", "/api/webhooks/deliveries?status=lost", "", 400, "status"),
            ("GET", "/api/webhooks/deliveries?x=1", "", 400, "unknown_parameter"),
        ])
    func refused(_ method: String, _ path: String, _ body: String, _ status: Int, _ says: String) async throws {
        try await ServeHarness.run { server in
            try await Self.raise([("a", 0.75)], in: server)
            let answer =
                method == "POST" ? try await Self.post(server, path, body) : try await server.request(path)
            #expect(answer.status == status, "\(answer.body)")
            #expect(answer.header("content-type") == "application/problem+json")
            #expect(answer.body.contains(says), "\(answer.body)")
            let read = try await server.request("/api/alerts/1").body
            #expect(read.contains(#""version":0"#))
        }
    }

    @Test("a body that is no JSON by its type is refused, and a resolved case takes no step but reopening")
    func otherRefusals() async throws {
        try await ServeHarness.run { server in
            try await Self.raise([("a", 0.75)], in: server)
            for type in ["", "Content-Type: text/plain\r\n", "Content-Type: application/x-www-form-urlencoded\r\n"] {
                let answer = try await Self.post(server, "/api/alerts/1/acknowledge", #"{"version":0}"#, headers: type)
                #expect(answer.status == 415)
            }
            let done = try await Self.post(server, "/api/alerts/1/resolve", #"{"version":0,"outcome":"left"}"#)
            #expect(done.status == 200)
            let again = try await Self.post(server, "/api/alerts/1/acknowledge", #"{"version":1}"#)
            #expect(again.status == 409 && again.body.contains("alert_resolved"))
        }
    }

    @Test("a conflict says who was faster, and when")
    func conflictNames() async throws {
        try await ServeHarness.run { server in
            try await Self.raise([("a", 0.75)], in: server)
            let first = try await Self.post(server, "/api/alerts/1/acknowledge", #"{"version":0,"agent":"Lee"}"#)
            let time = try #require(first.json?["changed_at"]?.text)
            let second = try await Self.post(server, "/api/alerts/1/acknowledge", #"{"version":0,"agent":"Kim"}"#)
            #expect(second.status == 409 && second.json?["code"] == .text("alert_changed"))
            #expect(second.json?["changed_by"] == .text("Lee") && second.json?["changed_at"] == .text(time))
        }
    }

    @Test("a case shows its customer now: recovered once the score fell, left from its outcome on")
    func standing() async throws {
        try await ServeHarness.run { server in
            let features = Domain.telco.schema.features.map { _ in FeatureValue.missing }
            _ = try await server.store.importCustomers([CustomerState(id: "a", features: features)])
            try await Self.raise([("a", 0.75)], in: server)
            let time = Timestamp(microseconds: 1_767_225_700_000_000)
            let partition = StreamPartition(
                stream: StreamIdentity(name: StreamName(cluster: "c", topic: "scores"), epoch: 0), partition: 0)
            _ = try await server.store.write(
                ScoredBatch(
                    ranges: [OffsetRange(partition: partition, from: 0, to: 1)],
                    rescores: [
                        Rescore(
                            eventID: 2,
                            prediction: Prediction(
                                customerID: "a", probability: 0.25, band: .low, model: ModelIdentity(version: "m"),
                                stateVersion: 0, alert: AlertDecision(isAlert: false, becameAtRisk: false)),
                            time: time)
                    ]))
            let recovered = try await server.request("/api/alerts/1").json
            #expect(recovered?["churn_probability"] == .number(0.75))
            #expect(recovered?["churn_probability_now"] == .number(0.25))
            #expect(recovered?["at_risk_now"] == .flag(false))
            #expect(recovered?["standing"] == .text("recovered") && recovered?["left_at"] == .null)
            _ = try await server.store.recordOutcomes([CustomerOutcome(customerID: "a", time: time, hasChurned: true)])
            let left = try await server.request("/api/alerts").json?["alerts"]?[0]
            #expect(left?["standing"] == .text("left") && left?["left_at"] == .text(time.iso8601))
            let customer = try await server.request("/api/customer/a").json
            #expect(customer?["details"]?["left_at"] == .text(time.iso8601))
            #expect(customer?["recommended_actions"]?.list.isEmpty == true)
        }
    }

    @Test("the delivery log is listed without anything that was sent")
    func deliveries() async throws {
        try await ServeHarness.run { server in
            let content = (1...3).map { NewDelivery(eventID: $0, key: "key-\($0)", body: Array("canary".utf8)) }
            _ = try await server.store.addDeliveries(content, to: "generic", from: nil, to: UpdateCursor())
            let claims = try await server.store.claimDeliveries(of: "generic", limit: 1, lease: .seconds(9))
            let claim = try #require(claims.first)
            try await server.store.finish(claim, with: DeliveryResult(.failed, httpStatus: 410, error: "gone"))
            let page = try await server.request("/api/webhooks/deliveries?limit=2")
            #expect(page.status == 200 && page.body.contains(#""next_before":2"#))
            #expect(page.body.contains(#"{"deliveries":[{"delivery_id":3,"webhook":"generic","alert_id":3,"#))
            let failed = try await server.request("/api/webhooks/deliveries?status=failed&webhook=generic").body
            #expect(
                failed.contains(
                    #""delivery_key":"key-1","status":"failed","attempts":1,"http_status":410,"error":"gone","#))
            #expect(!failed.contains("canary") && !failed.contains("key-2"))
        }
    }
}
