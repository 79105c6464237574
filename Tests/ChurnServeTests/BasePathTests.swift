import NIOCore
import ServeTestSupport
import Testing

@testable import ChurnServe

@Suite("Below a path of a proxy", .timeLimit(.minutes(2))) struct BasePathTests {
    private static let html = #"<link href="/assets/a.css"><a href="/docs"><img src="https://x.example/y">"#

    @Test(
        "links begin at the page's own address, or with the path that is configured",
        arguments: [
            ("", "/", "./assets/a.css"), ("", "/watchlist", "./assets/a.css"), ("", "/customer/a", "../assets/a.css"),
            ("", "/a/b/c", "../../assets/a.css"), ("/churn", "/", "/churn/assets/a.css"),
            ("/churn", "/customer/a", "/churn/assets/a.css"),
        ])
    func links(_ basePath: String, _ path: String, _ link: String) {
        let page = String(buffer: PlacedPage(Self.html, basePath: basePath).file(at: path).plain)
        #expect(page.contains("href=\"\(link)\""), "\(page)")
        #expect(page.contains(#"src="https://x.example/y""#))
    }

    @Test("everything is answered with the path and without it")
    func addresses() async throws {
        try await ServeHarness.run(
            queries: ServerQueries(customers: TestQueries(), store: TestQueries()), change: { $0.basePath = "/churn" }
        ) { server in
            for path in ["/health/live", "/api/domain", "/metrics", "/docs", "/openapi.json", "/live", "/"] {
                for prefix in ["", "/churn"] {
                    let status = try await server.request(prefix + path).status
                    #expect(status == 200, "\(prefix + path)")
                }
            }
            let root = try await server.request("/churn?utm=1")
            #expect(root.status == 200 && root.body.contains(#"href="/churn/live.css""#))
            #expect(try await server.request("/churns/live").status == 404)
            #expect(try await server.request("/openapi.json").json?["servers"]?.list[0]["url"] == .text("/churn/"))
            let socket = try await RawClient.connect(port: server.port)
            try await socket.send(WebSocketClient.handshake(port: server.port, path: "/churn/ws/updates"))
            try await eventually("the WebSocket is open") { socket.text.contains(" 101 ") }
            socket.close()
        }
    }

    @Test(
        "which is written as in addresses, and is none of the server's own",
        arguments: [
            ("", true), ("/churn", true), ("/tools/churn-1.0_a", true), ("churn", false), ("/churn/", false),
            ("/", false), ("//a", false), ("/a b", false), ("/a/../b", false), ("/api", false), ("/assets/x", false),
            ("/ü", false), ("/a%20b", false),
        ])
    func form(_ path: String, _ isValid: Bool) { #expect(BasePath.isValid(path) == isValid) }

    @Test("a person who opens an address that is not there gets the page, a program the problem")
    func nothingThere() async throws {
        try await ServeHarness.run { server in
            for (path, accept, isPage) in [
                ("/setings", "text/html,application/xhtml+xml", true), ("/customer/a/b", "text/html", true),
                ("/setings", "application/json", false), ("/setings", "*/*", false),
                ("/api/none", "text/html", false), ("/assets/none.js", "text/html", false),
            ] {
                let answer = try await server.request(path, headers: "Accept: \(accept)\r\n")
                #expect(answer.status == 404)
                let type = answer.header("content-type") ?? ""
                #expect(type.hasPrefix(isPage ? "text/html" : "application/problem+json"), "\(path) \(accept)")
            }
        }
    }
}
