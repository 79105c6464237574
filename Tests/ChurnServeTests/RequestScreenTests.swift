import ChurnCore
import HTTPTypes
import NIOHTTP1
import Testing

@testable import ChurnServe

@Suite struct RequestScreenTests {
    private let screen = RequestScreen(
        host: "churn.internal", port: 8080, webSocketPaths: ["/ws/updates"], maximumBodyBytes: 1000)

    private func head(
        _ uri: String = "/", host: String? = "127.0.0.1:8080", method: HTTPMethod = .GET,
        version: HTTPVersion = .http1_1, _ more: [(String, String)] = []
    ) -> HTTPRequestHead {
        let headers = (host.map { [("Host", $0)] } ?? []) + more
        return HTTPRequestHead(version: version, method: method, uri: uri, headers: HTTPHeaders(headers))
    }

    private static let upgrade = [
        ("Connection", "keep-alive, Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ]

    private func status(_ verdict: RequestScreen.Verdict) -> Int? {
        if case .refuse(let problem) = verdict { problem.status.code } else { nil }
    }

    @Test(
        "the Host header decides",
        arguments: [
            ("127.0.0.1:8080", nil), ("localhost", nil), ("LOCALHOST:9999", nil), ("[::1]:8080", nil),
            ("127.8.8.8", nil),
            ("churn.internal:8080", nil), ("Churn.Internal:8080", nil), ("churn.internal", 421),
            ("churn.internal:81", 421),
            ("evil.example", 421), ("evil.example:8080", 421), ("127.0.0.1.evil.example", 421), ("localhost.evil", 421),
            ("10.0.0.1:8080", 421), ("", 400), ("localhost:", 400), ("localhost:x", 400), ("localhost:80:80", 400),
            ("localhost:99999", 400), ("a b", 400), ("user@localhost", 400), ("[::1", 400), ("[fe80]:1", 400),
            (nil, 400),
        ] as [(String?, Int?)])
    func hosts(_ host: String?, _ expected: Int?) {
        #expect(self.status(self.screen.judge(self.head(host: host), isFirst: true)) == expected)
    }

    @Test(
        "health and metrics are answered under any host, and nothing else is",
        arguments: [
            ("/health/live", HTTPMethod.GET, nil), ("/metrics?x=1", .GET, nil), ("/health/live", .HEAD, nil),
            ("/churn/metrics", .GET, nil), ("/health/live", .POST, 421), ("/health/live/", .GET, 421),
            ("/health", .GET, 421), ("/", .GET, 421), ("/api/x?/metrics", .GET, 421), ("/metrics/../api", .GET, 421),
        ] as [(String, HTTPMethod, Int?)])
    func probes(_ uri: String, _ method: HTTPMethod, _ expected: Int?) {
        var screen = self.screen
        screen.probePaths = ["/health/live", "/metrics"]
        screen.basePath = "/churn"
        for host in ["10.1.2.3:8080", "churnd.monitoring.svc", "evil.example"] {
            let verdict = screen.judge(self.head(uri, host: host, method: method), isFirst: true)
            #expect(self.status(verdict) == expected, "\(host)")
        }
        // One Host header there must be all the same.
        let without = screen.judge(self.head(uri, host: nil, method: method), isFirst: true)
        #expect(self.status(without) == 400)
    }

    @Test(
        "the path of a proxy is taken away where it stands",
        arguments: [
            ("/churn/live", "/live"), ("/churn", "/"), ("/churn/", "/"), ("/churn?a=/churn/", "/?a=/churn/"),
            ("/churns", "/churns"), ("/live", "/live"), ("/churn/churn/x", "/churn/x"), ("/churn//x", "//x"),
        ])
    func basePath(_ uri: String, _ expected: String) {
        var screen = self.screen
        screen.basePath = "/churn"
        guard case .serve(let head, _) = screen.judge(self.head(uri), isFirst: true) else {
            Issue.record("not served")
            return
        }
        #expect(head.uri == expected)
    }

    @Test("two Host headers are refused")
    func twoHosts() {
        #expect(self.status(self.screen.judge(self.head("/", [("Host", "localhost")]), isFirst: true)) == 400)
    }

    @Test("only a path is a target", arguments: ["http://evil.example/", "*", "evil.example:443", ""])
    func targets(_ uri: String) {
        #expect(self.status(self.screen.judge(self.head(uri), isFirst: true)) == 400)
    }

    @Test(
        "bodies are limited and their length must be clear",
        arguments: [
            ([("Content-Length", "1000")], nil), ([("Content-Length", "1001")], 413), ([("Content-Length", "-1")], 400),
            ([("Content-Length", "x")], 400), ([("Content-Length", "1"), ("Content-Length", "1")], 400),
            ([("Content-Length", "1"), ("Transfer-Encoding", "chunked")], 400),
        ] as [([(String, String)], Int?)])
    func bodies(_ headers: [(String, String)], _ expected: Int?) {
        #expect(self.status(self.screen.judge(self.head("/", method: .POST, headers), isFirst: true)) == expected)
    }

    @Test("a correct handshake is upgraded, with its cursor")
    func handshake() throws {
        let key = StreamPartition(stream: StreamIdentity(name: StreamName(cluster: "c", topic: "t")), partition: 0)
        let cursor = UpdateCursor(seen: [key: 7])
        let verdict = self.screen.judge(self.head("/ws/updates?cursor=\(cursor.text)", Self.upgrade), isFirst: true)
        guard case .upgrade(let head, let request) = verdict else {
            Issue.record("not upgraded")
            return
        }
        #expect(request == WebSocketRequest(path: "/ws/updates", options: SubscriptionOptions(cursor: cursor)))
        #expect(head.headers["connection"] == ["upgrade"])
    }

    @Test(
        "a handshake that is not RFC 6455 is refused",
        arguments: [
            ("Sec-WebSocket-Version", "12", 426), ("Sec-WebSocket-Key", "short", 426),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=!", 426), ("Content-Length", "5", 400),
            ("Transfer-Encoding", "chunked", 400),
        ])
    func badHandshake(_ name: String, _ value: String, _ expected: Int) {
        let headers = Self.upgrade.filter { $0.0 != name } + [(name, value)]
        #expect(self.status(self.screen.judge(self.head("/ws/updates", headers), isFirst: true)) == expected)
    }

    @Test(
        "the Origin header must be of the same host where it is present",
        arguments: [
            ("http://127.0.0.1:8080", nil), ("HTTP://127.0.0.1:8080", nil), ("http://127.0.0.1", 403), ("null", 403),
            ("https://127.0.0.1:8080", 403), ("http://evil.example", 403), ("http://localhost:8080", 403), ("", 403),
        ] as [(String, Int?)])
    func origins(_ origin: String, _ expected: Int?) {
        let verdict = self.screen.judge(self.head("/ws/updates", Self.upgrade + [("Origin", origin)]), isFirst: true)
        #expect(self.status(verdict) == expected)
    }

    @Test("filters and conflation are read from the query")
    func filters() throws {
        let query = "?band=High&band=Critical&segment=One+year&customer=a%2Bb&type=churn_alert&conflate=customer"
        let verdict = self.screen.judge(self.head("/ws/updates" + query, Self.upgrade), isFirst: true)
        guard case .upgrade(_, let request) = verdict else {
            Issue.record("not upgraded")
            return
        }
        #expect(request.options.conflates)
        #expect(request.options.filter.values(of: .band) == ["High", "Critical"])
        #expect(request.options.filter.values(of: .segment) == ["One year"])
        #expect(request.options.filter.values(of: .customer) == ["a+b"])
        #expect(request.options.filter.values(of: .type) == ["churn_alert"])
    }

    @Test(
        "a query that is not one good cursor is refused",
        arguments: [
            "?cursor=", "?cursor=x", "?cursor=1.AAAA", "?token=secret", "?cursor", "?cursor=a&cursor=b", "?x=1",
            "?access_token=x", "?band=Highest", "?band=", "?type=cursor", "?conflate=all",
            "?conflate=customer&conflate=customer", "?gap=", "?gap=frame", "?gap=close&gap=close",
            "?customer=%zz", "?band", "?\(String(repeating: "customer=a1b2&", count: 1))customer=%00%ff",
        ])
    func queries(_ query: String) {
        let verdict = self.screen.judge(self.head("/ws/updates" + query, Self.upgrade), isFirst: true)
        #expect(self.status(verdict) == 400)
    }

    @Test(
        "what is not upgraded is served without its Upgrade header, and closed",
        arguments: [
            ("/", "websocket", true), ("/ws/updates", "h2c", true), ("/ws/updates", "websocket", false),
        ])
    func stripped(_ uri: String, _ upgrade: String, _ isFirst: Bool) {
        let headers = Self.upgrade.filter { $0.0 != "Upgrade" } + [("Upgrade", upgrade)]
        guard case .serve(let head, let closes) = self.screen.judge(self.head(uri, headers), isFirst: isFirst) else {
            Issue.record("not served")
            return
        }
        #expect(closes)
        #expect(!head.headers.contains(name: "upgrade"))
    }
}
