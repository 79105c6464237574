import ChurnCore
import ServeTestSupport
import Testing

@testable import ChurnServe

@Suite("Connections of one address", .timeLimit(.minutes(2))) struct AddressLimitTests {
    @Test(
        "are at most as many as are set, else a thousand or half of all, and of this machine as many as there are",
        arguments: [
            (
                12_000, nil, true,
                ConnectionShares(maximum: 12_000, reserve: 32, perAddress: 1_000, perLoopbackAddress: 12_000)
            ),
            (896, nil, true, ConnectionShares(maximum: 896, reserve: 32, perAddress: 448, perLoopbackAddress: 896)),
            (896, 50, true, ConnectionShares(maximum: 896, reserve: 32, perAddress: 50, perLoopbackAddress: 50)),
            (32, 16, true, ConnectionShares(maximum: 32, reserve: 4, perAddress: 16, perLoopbackAddress: 16)),
            (32, nil, false, ConnectionShares(maximum: 32, reserve: 0, perAddress: 16, perLoopbackAddress: 32)),
            (1, nil, true, ConnectionShares(maximum: 1, reserve: 0, perAddress: 1, perLoopbackAddress: 1)),
        ] as [(Int, Int?, Bool, ConnectionShares)])
    func shares(_ maximum: Int, _ perAddress: Int?, _ servesProbes: Bool, _ expected: ConnectionShares) throws {
        var limits = ServerLimits()
        limits.maximumConnections = maximum
        limits.maximumConnectionsPerAddress = perAddress
        #expect(try limits.shares(within: 100_000, servesProbes: servesProbes) == expected)
    }

    @Test("a place is free again when its connection is gone")
    func places() {
        let places = AddressPlaces(limit: 1, loopbackLimit: 2)
        var held = [places.take("10.0.0.1")]
        #expect(held[0] != nil && places.take("10.0.0.1") == nil && places.take("10.0.0.2") != nil)
        held.removeAll()
        #expect(places.take("10.0.0.1") != nil)
        let own = [places.take("127.0.0.1"), places.take("127.0.0.1")]
        #expect(own.allSatisfy { $0 != nil } && places.take("127.0.0.1") == nil)
    }

    @Test("beyond the limit only health and metrics are answered, once each, and the refusals are counted and said")
    func reserve() async throws {
        var limits = ServerLimits.patient
        limits.maximumConnections = 16
        limits.maximumConnectionsPerAddress = 2
        let lines = LogLines()
        try await ServeHarness.run(limits: limits, logger: lines.logger) { server in
            var held: [RawClient] = []
            for _ in 0..<2 {
                let client = try await RawClient.connect(port: server.port)
                try await client.send("GET /api/dashboard-kpis HTTP/1.1\r\nHost: localhost\r\n")
                held.append(client)
            }
            try await eventually("both were taken") { server.metrics.text().contains("churn_http_connections 2\n") }
            for path in ["/health/live", "/health/ready", "/metrics"] {
                let answer = try await server.request(path)
                #expect(answer.status == 200 && answer.header("connection") == "close", "\(path)")
                // Its place is free when the server has seen the end.
                try await eventually("it is gone") { server.metrics.text().contains("churn_http_connections 2\n") }
            }
            for path in ["/", "/api/watchlist", "/health/other"] {
                let answer = try await server.request(path)
                #expect(answer.status == 429 && answer.body.contains("too_many_connections"), "\(path)")
                #expect(answer.header("retry-after") != nil)
                try await eventually("it is gone") { server.metrics.text().contains("churn_http_connections 2\n") }
            }
            try await eventually("they were counted") {
                server.metrics.text().contains(#"churn_http_connections_refused_total{reason="address"} 3"# + "\n")
            }
            #expect(lines.all.count { $0 == "warning Connections are refused" } == 1)
            for client in held { client.close() }
            try await eventually("there is room again") { try await server.request("/").status == 200 }
        }
    }

    @Test("a connection in the reserve that asks for nothing is closed soon")
    func silent() async throws {
        var limits = ServerLimits.patient
        limits.maximumConnections = 16
        limits.maximumConnectionsPerAddress = 1
        limits.probeTimeout = .milliseconds(100)
        try await ServeHarness.run(limits: limits) { server in
            let first = try await RawClient.connect(port: server.port)
            try await eventually("it was taken") { server.metrics.text().contains("churn_http_connections 1\n") }
            let second = try await RawClient.connect(port: server.port)
            try await eventually("the second was closed") { second.isClosed }
            #expect(!first.isClosed)
            try await eventually("it was counted") {
                server.metrics.text().contains(#"churn_http_connections_refused_total{reason="address"} 1"# + "\n")
            }
            for client in [first, second] { client.close() }
        }
    }

    @Test("behind a proxy are counted by the client that the proxy names, for as long as a WebSocket is open")
    func proxied() async throws {
        var limits = ServerLimits.patient
        limits.maximumConnectionsPerAddress = 1
        try await ServeHarness.run(limits: limits, change: { $0.isBehindProxy = true }) { server in
            func open(_ client: String) async throws -> RawClient {
                let socket = try await RawClient.connect(port: server.port)
                let headers = "X-Forwarded-For: \(client)\r\n"
                try await socket.send(WebSocketClient.handshake(port: server.port, headers: headers))
                try await eventually("an answer") { socket.text.contains("\r\n\r\n") }
                return socket
            }
            let first = try await open("203.0.113.5:51234")
            #expect(first.text.contains(" 101 "))
            let again = try await open("203.0.113.5:51235")
            #expect(again.text.contains(" 429 ") && again.text.contains("too_many_connections"))
            let other = try await open("198.51.100.7:40000")
            #expect(other.text.contains(" 101 "))
            first.close()
            try await eventually("its place is free") {
                let next = try await open("203.0.113.5:51236")
                defer { next.close() }
                return next.text.contains(" 101 ")
            }
            for client in [again, other] { client.close() }
        }
    }
}
