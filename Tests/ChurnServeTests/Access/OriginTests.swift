import ChurnCore
import ServeTestSupport
import Testing

@testable import ChurnServe

@Suite(.timeLimit(.minutes(2))) struct OriginTests {
    private static let json = "Content-Type: application/json"

    /// Headers, and the status: 404 where a write was let through, for nothing is at its address.
    private static let writes: [([String], Int)] = [
        ([], 415), (["Content-Type: text/plain"], 415), (["Content-Type: application/json2"], 415),
        (["Content-Type: application/x-www-form-urlencoded"], 415),
        (["Content-Type: multipart/form-data; boundary=application/json"], 415), ([json, json], 415),
        ([json], 404), (["Content-Type: Application/JSON; charset=utf-8"], 404),
        ([json, "Origin: http://localhost:PORT"], 404), ([json, "Origin: https://page.example"], 404),
        ([json, "Origin: https://evil.example"], 403), ([json, "Origin: null"], 403),
        ([json, "Origin: http://localhost"], 403), ([json, "Origin: https://localhost:PORT"], 403),
        ([json, "Origin: http://localhost:PORT", "Origin: http://localhost:PORT"], 403),
        ([json, "Sec-Fetch-Site: cross-site"], 403), ([json, "Sec-Fetch-Site: same-site"], 403),
        ([json, "Sec-Fetch-Site: same-origin"], 404), ([json, "Sec-Fetch-Site: none"], 404),
    ]

    @Test("a write needs JSON, and the server's own origin or a listed one")
    func writes() async throws {
        try await ServeHarness.run(change: { $0.origins = ["https://Page.example"] }) { server in
            for (headers, status) in Self.writes {
                let lines = (headers + ["Content-Length: 2"]).map { $0 + "\r\n" }.joined()
                let text = lines.replacing("PORT", with: "\(server.port)")
                let answer = try await server.request("/nothing", method: "POST", headers: text, body: "{}")
                #expect(answer.status == status, "\(headers)")
            }
        }
    }

    @Test("pages of other origins may read nothing unless they are listed")
    func crossOrigin() async throws {
        try await ServeHarness.run(change: { $0.origins = ["https://page.example"] }) { server in
            for origin in ["https://evil.example", "null", "http://page.example", "http://localhost:\(server.port)"] {
                let answer = try await server.request("/api/customer/a", headers: "Origin: \(origin)\r\n")
                #expect(answer.header("access-control-allow-origin") == nil, "\(origin)")
            }
            let listed = "Origin: https://page.example\r\n"
            let read = try await server.request("/api/customer/a", headers: listed)
            #expect(read.status == 404)
            #expect(read.header("access-control-allow-origin") == "https://page.example")
            #expect(read.header("access-control-allow-credentials") == nil)
            #expect(read.header("vary") == "Origin")
            let asking = "Access-Control-Request-Method: POST\r\n"
            let preflight = try await server.request("/api/score", method: "OPTIONS", headers: listed + asking)
            #expect(preflight.status == 204)
            #expect(preflight.header("access-control-allow-headers") == "Authorization, Content-Type")
            let foreign = try await server.request(
                "/api/score", method: "OPTIONS", headers: "Origin: https://evil.example\r\n" + asking)
            #expect(foreign.status == 404 && foreign.header("access-control-allow-methods") == nil)
        }
    }

    @Test("every answer carries the headers that keep browsers careful")
    func securityHeaders() async throws {
        try await ServeHarness.run { server in
            for path in ["/api/customer/a", "/nothing", "/health/live", "/"] {
                let answer = try await server.request(path)
                #expect(answer.header("x-content-type-options") == "nosniff", "\(path)")
                #expect(answer.header("referrer-policy") == "no-referrer", "\(path)")
                #expect(answer.header("content-security-policy")?.contains("frame-ancestors 'none'") == true, "\(path)")
                #expect(answer.header("cache-control") == (path == "/" ? "no-cache" : "no-store"), "\(path)")
            }
        }
    }

    @Test("the server answers under its configured names, and under the address that was connected to")
    func hosts() async throws {
        try await ServeHarness.run(change: { $0.hosts = ["churn.example", "other.example:8443"] }) { server in
            for (host, status) in [
                ("churn.example", 404), ("Churn.Example:9999", 404), ("other.example:8443", 404),
                ("other.example", 421), ("evil.example", 421), ("churn.example.evil", 421), ("10.0.0.9", 421),
                ("127.0.0.1:\(server.port)", 404),
            ] {
                let client = try await RawClient.connect(port: server.port)
                try await client.send("GET /nothing HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n")
                try await eventually("the connection ended") { client.isClosed }
                #expect(Answer(client.text).status == status, "\(host)")
                client.close()
            }
        }
    }
}
