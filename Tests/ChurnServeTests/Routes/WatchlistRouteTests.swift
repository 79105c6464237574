import ChurnCore
import ChurnInsight
import Testing

@testable import ChurnServe

@Suite(.timeLimit(.minutes(2))) struct WatchlistRouteTests {
    private static func asked(_ query: String) async throws -> WatchlistQuery {
        let queries = TestQueries()
        try await queries.serve { server in
            let status = try await server.request("/api/watchlist" + query).status
            #expect(status == 200)
        }
        return try #require(queries.asked.withLock { $0.first })
    }

    @Test("a customer has every column, the score and its time, and pages are counted")
    func fields() async throws {
        let customers = (0..<11).map { TestQueries.customer("c\($0)", score: 0.9) }
        try await TestQueries(customers: customers).serve { server in
            let json = try #require(try await server.request("/api/watchlist").json)
            #expect(json["total_pages"] == .number(2))
            #expect(json["total_users"] == .number(11))
            #expect(json["users"]?.list.count == 10)
            let user = try #require(json["users"]?[0])
            #expect(user.names.isSuperset(of: Domain.telco.schema.features.map(\.column) + ["customerid"]))
            #expect(user["customerid"] == .text("c0"))
            #expect(user["risk_score"] == .number(0.9))
            #expect(user["churn_risk"] == .text("Critical"))
            #expect(user["totalcharges"] == .null)
            #expect(user["last_activity"] == .text("2023-11-14T22:13:20.250000Z"))
            let second = try await server.request("/api/watchlist?page=2").json
            #expect(second?["users"]?.list.count == 1)
        }
    }

    @Test(
        "parameters become the query",
        arguments: [
            ("", WatchlistQuery()),
            ("?page=3", WatchlistQuery(offset: 20)),
            ("?risk=High&risk=Critical", WatchlistQuery(bands: [.high, .critical])),
            (
                "?contract=One+year&contract=Month-to-month&search=75%2590",
                WatchlistQuery(segments: ["One year", "Month-to-month"], search: "75%90")
            ),
            ("?limit=25&page=2", WatchlistQuery(offset: 25, limit: 25)),
            ("?limit=99999999999999999999", WatchlistQuery(limit: 500)),
            ("?page=99999999999999999999", WatchlistQuery(offset: 999_999_990)),
            ("?sort=id", WatchlistQuery(order: .id, isDescending: false)),
            ("?sort=value", WatchlistQuery(order: .value)),
            ("?sort=activity&order=asc", WatchlistQuery(order: .activity, isDescending: false)),
            ("?search=&unknown=1", WatchlistQuery()),
        ])
    func query(_ text: String, _ query: WatchlistQuery) async throws {
        #expect(try await Self.asked(text) == query)
    }

    @Test(
        "a parameter that is wrong is 400 and named",
        arguments: [
            ("page=0", "page"), ("page=-1", "page"), ("page=abc", "page"), ("page=", "page"), ("page=1&page=2", "page"),
            ("limit=1.5", "limit"), ("risk=high", "risk"), ("risk=", "risk"), ("sort=name", "sort"),
            ("order=up", "order"), ("search=a&search=b", "search"), ("search=%00", "search"),
            ("contract=%00", "contract"), ("after=", "after"), ("after=%00", "after"), ("after=AQ", "after"),
            ("after=" + String(repeating: "A", count: 2_049), "after"), ("page=1&after=AQBh", "page"),
            ("sort=value&order=desc&after=AwBh", "after"), ("search=" + String(repeating: "x", count: 257), "search"),
        ])
    func wrong(_ query: String, _ name: String) async throws {
        try await TestQueries().serve { server in
            let answer = try await server.request("/api/watchlist?" + query)
            #expect(answer.status == 400)
            #expect(answer.json?["code"] == .text("bad_parameter"))
            #expect(answer.json?["errors"]?[0]?["name"] == .text(name))
            #expect(answer.json?["errors"]?[0]?["in"] == .text("query"))
        }
    }

    @Test("a page names the cursor of the next, which leads behind it, and the last page names none")
    func cursor() async throws {
        var queries = TestQueries()
        let cursors = [
            WatchlistCursor(rank: 4_605_831_338_911_806_259, id: "a/ü"), WatchlistCursor(rank: -5, id: "a"),
            WatchlistCursor(rank: nil, id: "a"),
        ]
        for cursor in cursors {
            queries.next = cursor
            try await queries.serve { [queries] server in
                let json = try await server.request("/api/watchlist?limit=3").json
                let text = try #require(json?["next_after"]?.text)
                let status = try await server.request("/api/watchlist?limit=3&after=" + text).status
                #expect(status == 200)
                let asked = queries.asked.withLock { $0.last }
                #expect(asked == WatchlistQuery(after: cursor, limit: 3))
                let other = try await server.request("/api/watchlist?order=asc&after=" + text).status
                #expect(other == 400)
            }
        }
        queries.next = nil
        try await queries.serve { server in
            let json = try await server.request("/api/watchlist").json
            #expect(json?["next_after"] == .null)
        }
    }

    @Test("a query that is not percent-encoded UTF-8 is 400", arguments: ["search=%zz", "search=%ff", "%f=1"])
    func malformed(_ query: String) async throws {
        try await TestQueries().serve { server in
            let answer = try await server.request("/api/watchlist?" + query)
            #expect(answer.status == 400)
            #expect(answer.json?["code"] == .text("malformed_query"))
        }
    }
}
