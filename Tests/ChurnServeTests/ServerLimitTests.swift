import ChurnCore
import Testing

@testable import ChurnServe

@Suite("The limits that are promised", .timeLimit(.minutes(2)))
struct ServerLimitTests {
    @Test("are the defaults")
    func defaults() {
        let limits = ServerLimits()
        #expect(limits.maximumFrameBytes == 16 * 1024 && limits.maximumMessageBytes == 16 * 1024)
        #expect(limits.maximumFragments == 16 && limits.commandsPerSecond == 10)
        #expect(limits.maximumHeaderBytes == 16 * 1024 && limits.maximumHeaders == 100)
        #expect(limits.maximumSocketsPerPrincipal == 5 && limits.maximumSocketBufferBytes == 1 << 20)
        #expect(limits.sendBufferBytes == 256 * 1024 && limits.maximumExports == 16)
        #expect(limits.signInTimeout == .seconds(5) && limits.socketIdleTimeout == .seconds(60))
        #expect(limits.pingInterval == .seconds(20) && limits.pongTimeout == .seconds(10))
        #expect(limits.writeStallTimeout == .seconds(10) && limits.maximumSocketAge == .seconds(43_200))
        #expect(limits.maximumBodyBytes == 64 * 1024 && limits.requestDeadline == .seconds(5))
        #expect(limits.statementTimeout == .seconds(2) && limits.poolWait == .seconds(1))
    }

    @Test("a body of 64 KiB is taken and one byte more is refused, whether or not its length is said beforehand")
    func bodies() async throws {
        let queries = ServerQueries(customers: TestQueries(), store: TestQueries())
        try await ServeHarness.run(queries: queries) { server in
            for (bytes, status) in [(65_536, 400), (65_537, 413)] {
                let body = String(repeating: " ", count: bytes)
                let said = try await server.request(
                    "/api/score", method: "POST",
                    headers: "Content-Type: application/json\r\nContent-Length: \(bytes)\r\n", body: body)
                #expect(said.status == status, "\(bytes): \(said.body)")
                let unsaid = try await server.request(
                    "/api/score", method: "POST",
                    headers: "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n",
                    body: String(bytes, radix: 16) + "\r\n\(body)\r\n0\r\n\r\n")
                #expect(unsaid.status == status, "\(bytes): \(unsaid.body)")
            }
        }
    }

    @Test(
        "a statement that takes too long, and a database without a free connection, are 503 with a time to come back",
        arguments: [(ChurnError.Code.timedOut, "timed_out"), (.storeUnavailable, "store_unavailable")])
    func database(_ code: ChurnError.Code, _ says: String) async throws {
        var failing = TestQueries()
        failing.before = { throw ChurnError(code, .retry, during: "read", advice: "canary") }
        try await ServeHarness.run(queries: ServerQueries(customers: failing, store: failing)) { server in
            for path in [
                "/api/dashboard-kpis", "/api/watchlist", "/api/events/history", "/api/churn-alerts-history",
                "/api/customer/a/timeline", "/api/watchlist/export?format=csv",
            ] {
                let answer = try await server.request(path)
                #expect(answer.status == 503 && answer.header("retry-after") == "2", "\(path)")
                #expect(answer.body.contains(says) && !answer.body.contains("canary"), "\(path): \(answer.body)")
            }
        }
    }

    @Test("a request whose store does not answer is given up at its deadline")
    func deadline() async throws {
        var limits = ServerLimits()
        limits.requestDeadline = .milliseconds(100)
        var silent = TestQueries()
        silent.before = { try await Task.sleep(for: .seconds(3_600)) }
        try await ServeHarness.run(limits: limits, queries: ServerQueries(customers: silent, store: silent)) { server in
            for path in ["/api/dashboard-kpis", "/api/watchlist", "/api/customer/a/timeline"] {
                let answer = try await server.request(path)
                #expect(answer.status == 503 && answer.body.contains("timed_out"), "\(path): \(answer.body)")
                #expect(answer.header("retry-after") != nil)
            }
        }
    }
}
