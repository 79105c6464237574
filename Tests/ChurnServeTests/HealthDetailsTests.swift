import ChurnCore
import ServeTestSupport
import Testing

@testable import ChurnServe

@Suite("What is wrong", .timeLimit(.minutes(2))) struct HealthDetailsTests {
    private static let reason = "role churn at db.example was refused"

    private static func ask(_ server: ServeHarness, host: String = "localhost", headers: String = "") async throws
        -> Answer
    {
        let client = try await RawClient.connect(port: server.port)
        defer { client.close() }
        try await client.send("GET /health/ready HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\(headers)\r\n")
        try await eventually("the answer is complete") { client.isClosed }
        return Answer(client.text)
    }

    @Test("is for those who signed in with a role that reads, and that something is wrong is for everyone")
    func signedIn() async throws {
        let access = try await TestAccess()
        try await ServeHarness.run(access: access.control) { server in
            server.health.report("store", .failing(reason: Self.reason, advice: "see pg_hba.conf"))
            for (role, isShown) in [
                (TestAccess.Credential.viewer, true), (.agent, true), (.admin, true), (.ingest, false), (.bad, false),
            ] {
                let token = try #require(access.token(role))
                let answer = try await Self.ask(server, headers: "Authorization: Bearer \(token)\r\n")
                #expect(answer.status == 503)
                #expect(answer.body.contains(Self.reason) == isShown, "\(role)")
            }
            for headers in ["", "Authorization: Bearer none\r\n", "Authorization: Basic eA==\r\n"] {
                let answer = try await Self.ask(server, headers: headers)
                #expect(answer.status == 503)
                #expect(answer.body.contains(#""store":{"status":"failing"}"#), "\(answer.body)")
                #expect(!answer.body.contains("pg_hba"))
            }
        }
    }

    @Test("is shown on an open server under this machine's names only, and probes are answered under any")
    func open() async throws {
        try await ServeHarness.run(change: { $0.hosts = ["tools.example"] }) { server in
            server.health.report("store", .failing(reason: Self.reason, advice: "see pg_hba.conf"))
            for (host, isShown) in [
                ("localhost", true), ("127.0.0.1:\(server.port)", true), ("tools.example", false),
                ("churn.monitoring.svc:8080", false), ("10.1.2.3:8080", false),
            ] {
                let answer = try await Self.ask(server, host: host)
                #expect(answer.status == 503)
                #expect(answer.body.contains(Self.reason) == isShown, "\(host)")
            }
        }
    }
}
