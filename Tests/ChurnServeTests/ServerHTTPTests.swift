import ChurnCore
import Logging
import ServeTestSupport
import Testing

@testable import ChurnServe

@Suite(.timeLimit(.minutes(2))) struct ServerHTTPTests {
    @Test("the page, its script and its style are served under a strict policy")
    func page() async throws {
        try await ServeHarness.run { server in
            for (path, type) in [("/", "text/html"), ("/live.js", "text/javascript"), ("/live.css", "text/css")] {
                let answer = try await server.request(path)
                #expect(answer.status == 200)
                #expect(answer.header("content-type")?.hasPrefix(type) == true)
                #expect(answer.header("content-security-policy")?.contains("default-src 'none'") == true)
                #expect(answer.header("x-content-type-options") == "nosniff")
            }
            let page = try await server.request("/").body
            #expect(page.ranges(of: "://").count == page.ranges(of: "://www.w3.org").count)
            #expect(!page.contains("<script>") && !page.contains("<style>") && !page.contains("style="))
        }
    }

    @Test("health says which part is not well and what to do, with status 503")
    func health() async throws {
        try await ServeHarness.run { server in
            for path in ["/health/live", "/health/ready"] {
                let status = try await server.request(path).status
                #expect(status == 200)
            }
            server.health.report("store", .failing(reason: "no connection", advice: "start \"PostgreSQL\""))
            let answer = try await server.request("/health/ready")
            #expect(answer.status == 503)
            #expect(answer.body.contains(#""store":{"status":"failing","reason":"no connection","advice":"start \"Po"#))
            #expect(answer.body.contains(#""updates":{"status":"healthy"}"#))
        }
    }

    @Test("metrics are served as Prometheus text, with the server's own")
    func metrics() async throws {
        try await ServeHarness.run { server in
            _ = try await server.request("/health/live")
            let answer = try await server.request("/metrics")
            #expect(answer.header("content-type") == "text/plain; version=0.0.4; charset=utf-8")
            #expect(answer.body.contains(#"churn_http_requests_total{route="/health/live",status="200"} 1"#))
        }
    }

    @Test("a failure is a problem with a code and the request's id")
    func problems() async throws {
        try await ServeHarness.run { server in
            let answer = try await server.request("/nothing/here")
            #expect(answer.status == 404)
            #expect(answer.header("content-type") == "application/problem+json")
            let id = try #require(answer.header("x-request-id"))
            #expect(answer.body.contains(#""code":"not_found""#))
            #expect(answer.body.contains(#""request_id":"\#(id)""#))
        }
    }

    @Test("a plain request for the WebSocket is asked to upgrade")
    func upgradeRequired() async throws {
        try await ServeHarness.run { server in
            let status = try await server.request("/ws/updates").status
            #expect(status == 426)
        }
    }

    @Test("several requests of one connection are answered in order")
    func pipelining() async throws {
        try await ServeHarness.run { server in
            let client = try await RawClient.connect(port: server.port)
            let host = "Host: localhost:\(server.port)\r\n"
            try await client.send(
                "GET /health/live HTTP/1.1\r\n\(host)\r\nGET /nothing HTTP/1.1\r\n\(host)\r\n"
                    + "GET /health/live HTTP/1.1\r\n\(host)Connection: close\r\n\r\n")
            try await eventually("the connection ended") { client.isClosed }
            let statuses = client.text.split(separator: "HTTP/1.1 ").map { $0.prefix(3) }
            #expect(statuses == ["200", "404", "200"])
            client.close()
        }
    }

    @Test(
        "requests that are not allowed get their status and lose the connection",
        arguments: [
            ("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421), ("GET / HTTP/1.1\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400),
            ("GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400), ("NONSENSE\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 70000\r\n\r\n", 413),
            ("GET / HTTP/1.1\r\nHost: localhost\r\n" + String(repeating: "X-A: b\r\n", count: 150) + "\r\n", 431),
            ("GET / HTTP/1.1\r\nHost: localhost\r\nX-A: " + String(repeating: "b", count: 20_000) + "\r\n\r\n", 431),
        ])
    func refused(_ request: String, _ status: Int) async throws {
        try await ServeHarness.run { server in
            let client = try await RawClient.connect(port: server.port)
            try await client.send(request)
            try await eventually("the connection ended") { client.isClosed }
            #expect(Answer(client.text).status == status)
            client.close()
        }
    }

    @Test("a chunked body that grows over the limit is cut off")
    func chunkedBody() async throws {
        var limits = ServerLimits()
        limits.maximumBodyBytes = 100
        try await ServeHarness.run(limits: limits) { server in
            let client = try await RawClient.connect(port: server.port)
            try await client.send("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
            try await client.send("60\r\n" + String(repeating: "x", count: 96) + "\r\n")
            try? await client.send("60\r\n" + String(repeating: "x", count: 96) + "\r\n")
            try await eventually("the connection ended") { client.isClosed }
            client.close()
        }
    }

    @Test("slow headers, slow bodies and idle connections are closed")
    func slowClients() async throws {
        var limits = ServerLimits()
        limits.headerTimeout = .milliseconds(150)
        limits.keepAliveTimeout = .milliseconds(150)
        limits.exchangeTimeout = .milliseconds(200)
        try await ServeHarness.run(limits: limits) { server in
            let host = "Host: localhost:\(server.port)\r\n"
            for text in [
                "", "GET / HTTP/1.1\r\nHo", "GET /health/live HTTP/1.1\r\n\(host)\r\n",
                "POST / HTTP/1.1\r\n\(host)Content-Length: 50\r\n\r\nabc",
            ] {
                let client = try await RawClient.connect(port: server.port)
                try await client.send(text)
                try await eventually("closed after \(text.prefix(10))") { client.isClosed }
                client.close()
            }
        }
    }

    @Test("more connections than allowed are closed at once, and room is made by those that end")
    func maximumConnections() async throws {
        var limits = ServerLimits.patient
        limits.maximumConnections = 2
        try await ServeHarness.run(limits: limits) { server in
            let first = try await RawClient.connect(port: server.port)
            let second = try await RawClient.connect(port: server.port)
            try await second.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try await eventually("the second was answered") { second.text.contains("200 OK") }
            let third = try await RawClient.connect(port: server.port)
            try await eventually("the third was closed") { third.isClosed }
            first.close()
            try await eventually("there is room again") {
                let next = try await RawClient.connect(port: server.port)
                defer { next.close() }
                try? await next.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
                try await eventually("an answer or an end") { next.isClosed || next.text.contains("200 OK") }
                return next.text.contains("200 OK")
            }
            second.close()
        }
    }

    @Test(
        "a server that anyone may use does not bind any address but loopback",
        arguments: ["0.0.0.0", "192.168.1.5", "example.com", "::"])
    func loopbackOnly(_ host: String) {
        let error = #expect(throws: ChurnError.self) { try ServerConfiguration(host: host).validate() }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.advice.contains("everyone may do everything") == true)
    }

    @Test("loopback addresses are accepted, and faults are reported all at once")
    func configuration() throws {
        for host in ["127.0.0.1", "localhost", "::1", "127.0.0.2"] { try ServerConfiguration(host: host).validate() }
        var limits = ServerLimits()
        limits.maximumHeaders = 0
        limits.pingInterval = .zero
        let error = #expect(throws: ChurnError.self) {
            try ServerConfiguration(host: "0.0.0.0", port: 70_000, limits: limits).validate()
        }
        for word in ["0.0.0.0", "70000", "maximumHeaders", "pingInterval"] {
            #expect(error?.advice.contains(word) == true)
        }
    }

    @Test("a port that is taken is an error that says what to do")
    func portTaken() async throws {
        try await ServeHarness.run { server in
            let second = ChurnServer(
                ServerConfiguration(port: server.port),
                serving: ServerDependencies(hub: server.hub, customers: server.store, domain: .telco),
                logger: Logger.quiet)
            let error = await #expect(throws: ChurnError.self) { try await second.run() }
            #expect(error?.advice.contains("\(server.port)") == true)
        }
    }
}
