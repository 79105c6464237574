import ChurnCore
import ChurnInsight
import Testing

@testable import ChurnServe

@Suite(.timeLimit(.minutes(2))) struct TimelineRouteTests {
    private static func score(_ number: Int64, at second: Int64) -> TimelineEntry {
        .score(eventID: number, time: Timestamp(microseconds: second * 1_000_000), probability: 0.5)
    }

    private static func ids(_ json: JSONValue?) -> [JSONValue?] { json?["entries"]?.list.map { $0["event_id"] } ?? [] }

    @Test("events, scores and interventions stand on one axis")
    func kinds() async throws {
        var queries = TestQueries(customers: [TestQueries.customer("a")])
        queries.entries = [
            .intervention(
                Intervention(id: 4, action: "offer", time: TestQueries.time, agent: "ann", type: "call", note: nil)),
            .event(TestQueries.event(2, of: "a").event), Self.score(1, at: 5),
        ]
        try await queries.serve { server in
            let json = try #require(try await server.request("/api/customer/a/timeline").json)
            #expect(json["customer_id"] == .text("a"))
            #expect(json["next_before"] == .null)
            #expect(
                json["entries"]?.list.map { $0["kind"] } == [.text("intervention"), .text("event"), .text("score")])
            #expect(json["entries"]?[0]?["agent_id"] == .text("ann"))
            #expect(json["entries"]?[1]?["event_data"]?["user_id"] == .text("a"))
            #expect(json["entries"]?[2]?["time"] == .text("1970-01-01T00:00:05.000000Z"))
        }
    }

    @Test("pages leave nothing out where several things share a moment", arguments: [1, 2, 3, 4, 5, 9])
    func sharedMoments(_ limit: Int) async throws {
        var queries = TestQueries(customers: [TestQueries.customer("a")])
        let seconds: [Int64] = [9, 8, 8, 8, 7, 7, 7, 7, 7, 6, 5, 5]
        queries.entries = seconds.enumerated().map { Self.score(Int64(100 - $0), at: $1) }
        let expected: [JSONValue?] = (0..<seconds.count).map { .number(Double(100 - $0)) }
        try await queries.serve { server in
            var seen: [JSONValue?] = []
            var next: String? = ""
            while let before = next {
                let json = try await server.request("/api/customer/a/timeline?limit=\(limit)\(before)").json
                seen += Self.ids(json)
                next = json?["next_before"]?.text.map { "&before=\($0)" }
            }
            #expect(seen == expected)
        }
    }

    @Test("an unknown customer is 404, and a wrong or unknown parameter 400")
    func wrong() async throws {
        try await TestQueries(customers: [TestQueries.customer("a")]).serve { server in
            for (path, status) in [
                ("/api/customer/b/timeline", 404), ("/api/customer/a/timeline?before=yesterday", 400),
                ("/api/customer/a/timeline?limit=0", 400), ("/api/customer/a/timeline?since=1", 400),
            ] {
                let answer = try await server.request(path).status
                #expect(answer == status, "\(path)")
            }
        }
    }
}
