import ChurnCore
import ServeTestSupport
import Testing

@testable import ChurnServe

@Suite(.timeLimit(.minutes(2))) struct BroadcastRoutesTests {
    private static let json = "Content-Type: application/json\r\n"

    private func post(_ path: String, _ body: String, type: String = Self.json, to server: ServeHarness) async throws
        -> Answer
    {
        try await server.request(
            path, method: "POST", headers: "\(type)Content-Length: \(body.utf8.count)\r\n", body: body)
    }

    @Test("a frame from outside reaches every socket, marked and without a number, whatever its filter")
    func fanOut() async throws {
        try await ServeHarness.run { server in
            var feed = TestFeed(store: server.store)
            var clients: [WebSocketClient] = []
            for query in ["", "?customer=nobody", "?conflate=customer"] {
                clients.append(try await WebSocketClient.connect(port: server.port, query: query))
            }
            for client in clients { try await eventually("the cursor came") { client.lastCursor != nil } }
            server.hub.publish([try await feed.write(3)])
            let body =
                #"{"type":"churn_alert","more":1,"payload":{"user_id":"a","number":7,"x":["\u00e9",1e2],"previous":6}}"#
            let frame = #"{"type":"churn_alert","external":true,"payload":{"user_id":"a","x":["\u00e9",1e2]}}"#
            let answer = try await self.post("/api/broadcast-event", body, to: server)
            #expect(answer.status == 200)
            #expect(answer.body == #"{"status":"success"}"#)
            let second = try await self.post("/api/update-churn-risk", #"{"type":"t","payload":{}}"#, to: server)
            #expect(second.status == 200)
            #expect(
                second.body
                    == #"{"status":"success","data_broadcasted":{"type":"t","external":true,"payload":{}}}"#)
            for client in clients {
                try await eventually("both came") {
                    client.texts.contains(frame) && client.texts.last { !$0.contains("cursor") } != nil
                        && client.texts.contains(#"{"type":"t","external":true,"payload":{}}"#)
                }
            }
            // The stream's own updates come as if nothing had been between them.
            server.hub.publish([try await feed.write(3)])
            try await eventually("all came") { FeedText.numbers(in: clients[0].texts).last == 5 }
            #expect(FeedText.numbers(in: clients[0].texts) == Array(0..<6))
            // A client that connects later, even with an older cursor, gets nothing of it.
            let cursor = try #require(FeedText.cursors(in: clients[0].texts).first)
            let late = try await WebSocketClient.connect(port: server.port, query: "?cursor=\(cursor)")
            try await eventually("all came") { FeedText.numbers(in: late.texts).last == 5 }
            #expect(!late.texts.contains { $0.contains("external") })
            for client in clients + [late] { client.raw.close() }
        }
    }

    @Test(
        "what is no such frame is refused",
        arguments: [
            (#"{"type":"t","payload":{}"#, 400), ("[]", 400), (#"{"payload":{}}"#, 400), (#"{"type":"t"}"#, 400),
            (#"{"type":1,"payload":{}}"#, 400), (#"{"type":"","payload":{}}"#, 400),
            (#"{"type":"cursor","payload":{}}"#, 400), (#"{"type":"t","payload":[]}"#, 400),
            (#"{"type":"t","payload":{"a":"\ud800"}}"#, 400),
            (#"{"type":"t","payload":{"a":""# + String(repeating: "x", count: 17_000) + #""}}"#, 413),
        ])
    func refused(_ body: String, _ status: Int) async throws {
        try await ServeHarness.run { server in
            let answer = try await self.post("/api/broadcast-event", body, to: server)
            #expect(answer.status == status)
        }
    }

    @Test(
        "only JSON is taken",
        arguments: ["", "Content-Type: text/plain\r\n", "Content-Type: application/x-www-form-urlencoded\r\n"])
    func contentType(_ header: String) async throws {
        try await ServeHarness.run { server in
            let body = #"{"type":"t","payload":{}}"#
            let answer = try await self.post("/api/update-churn-risk", body, type: header, to: server)
            #expect(answer.status == 415)
            let good = "Content-Type: Application/JSON; charset=utf-8\r\n"
            let accepted = try await self.post("/api/update-churn-risk", body, type: good, to: server)
            #expect(accepted.status == 200)
        }
    }
}
