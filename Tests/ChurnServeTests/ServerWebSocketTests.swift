import ChurnCore
import ServeTestSupport
import Testing

@testable import ChurnServe

@Suite(.timeLimit(.minutes(2))) struct ServerWebSocketTests {
    @Test("a client gets a cursor at once, then what is published")
    func liveFeed() async throws {
        try await ServeHarness.run { server in
            let client = try await WebSocketClient.connect(port: server.port)
            try await eventually("the cursor came") { client.lastCursor != nil }
            var feed = TestFeed(store: server.store)
            for _ in 0..<50 { server.hub.publish([try await feed.write(20)]) }
            try await eventually("all updates came") { FeedText.numbers(in: client.texts).count >= 1000 }
            #expect(FeedText.numbers(in: client.texts) == Array(0..<1000))
            #expect(client.texts.contains(FeedText.frame(partition: 0, number: 999)))
            client.raw.close()
        }
    }

    @Test("a client that comes back with its cursor gets what it missed, once")
    func resume() async throws {
        try await ServeHarness.run { server in
            var feed = TestFeed(store: server.store)
            let first = try await WebSocketClient.connect(port: server.port)
            try await eventually("the cursor came") { first.lastCursor != nil }
            server.hub.publish([try await feed.write(600)])
            try await eventually("a later cursor came") { FeedText.cursors(in: first.texts).count > 1 }
            let cursor = try #require(first.lastCursor)
            first.raw.close()
            for _ in 0..<5 { server.hub.publish([try await feed.write(10)]) }
            let second = try await WebSocketClient.connect(port: server.port, query: "?cursor=\(cursor)")
            try await eventually("what was missed came") { FeedText.numbers(in: second.texts).last == 649 }
            #expect(FeedText.numbers(in: second.texts) == Array(600..<650))
            second.raw.close()
        }
    }

    @Test("a cursor follows some seconds after anything moved")
    func cursorInTime() async throws {
        var hub = UpdateHubConfiguration()
        hub.cursorInterval = .milliseconds(50)
        var limits = ServerLimits()
        limits.writeStallTimeout = .milliseconds(400)
        try await ServeHarness.run(limits: limits, hub: hub) { server in
            let client = try await WebSocketClient.connect(port: server.port)
            try await eventually("the cursor came") { client.lastCursor != nil }
            var feed = TestFeed(store: server.store)
            server.hub.publish([try await feed.write(3)])
            try await eventually("a cursor with the update came") {
                client.lastCursor.flatMap { UpdateCursor(text: $0) }?.seen.values.contains(2) == true
            }
            client.raw.close()
        }
    }

    @Test("a malformed cursor is refused before the upgrade", arguments: ["x", "1.AAAA", ""])
    func malformedCursor(_ cursor: String) async throws {
        try await ServeHarness.run { server in
            let client = try await RawClient.connect(port: server.port)
            try await client.send(WebSocketClient.handshake(port: server.port, query: "?cursor=\(cursor)"))
            try await eventually("the connection ended") { client.isClosed }
            #expect(Answer(client.text).status == 400)
            #expect(client.text.contains("malformed_cursor"))
            client.close()
        }
    }

    @Test("a page of another origin may not connect, and a token in the address is refused")
    func foreignOrigin() async throws {
        try await ServeHarness.run { server in
            for (query, headers, status) in [
                ("", "Origin: http://evil.example\r\n", 403), ("?token=secret", "", 400),
                ("", "Origin: http://127.0.0.1:\(server.port)\r\n", 101),
            ] {
                let client = try await RawClient.connect(port: server.port)
                try await client.send(WebSocketClient.handshake(port: server.port, query: query, headers: headers))
                try await eventually("an answer came") { client.text.contains("\r\n\r\n") }
                #expect(Answer(client.text).status == status)
                client.close()
            }
        }
    }

    @Test("an upgrade that is not supported, or that is not the first request, is answered as plain HTTP and closed")
    func smuggledUpgrade() async throws {
        try await ServeHarness.run { server in
            let host = "Host: localhost:\(server.port)\r\n"
            let client = try await RawClient.connect(port: server.port)
            try await client.send("GET /health/live HTTP/1.1\r\n\(host)Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
            try await eventually("the connection ended") { client.isClosed }
            #expect(Answer(client.text).status == 200)
            client.close()
            let second = try await RawClient.connect(port: server.port)
            try await second.send(
                "GET /health/live HTTP/1.1\r\n\(host)\r\n" + WebSocketClient.handshake(port: server.port))
            try await eventually("the connection ended") { second.isClosed }
            #expect(second.text.split(separator: "HTTP/1.1 ").map { $0.prefix(3) } == ["200", "426"])
            second.close()
        }
    }

    @Test(
        "a client that breaks the protocol is closed with the code for it",
        arguments: [
            ("unmasked", [0x81, 0x01, 0x41], 1002), ("reserved bit", ClientFrame.masked(0xC1, [0x41]), 1002),
            ("bad UTF-8", ClientFrame.masked(0x81, [0xFF]), 1007), ("too large", [0x81, 0xFE, 0xFF, 0xFF], 1009),
            ("binary", ClientFrame.masked(0x82, [1]), 1003), ("bad close code", ClientFrame.close(1005), 1002),
        ] as [(String, [UInt8], UInt16)])
    func offences(_ name: String, _ bytes: [UInt8], _ code: UInt16) async throws {
        try await ServeHarness.run { server in
            let client = try await WebSocketClient.connect(port: server.port)
            try await client.raw.send(bytes)
            try await eventually("it was closed") { client.closeCode != nil }
            #expect(client.closeCode == .some(.some(code)))
            client.raw.close()
        }
    }

    @Test("a close frame is answered with its code, and the connection ends")
    func closing() async throws {
        try await ServeHarness.run { server in
            let client = try await WebSocketClient.connect(port: server.port)
            try await client.raw.send(ClientFrame.close(4000, "bye"))
            try await eventually("it was answered and ended") { client.raw.isClosed }
            #expect(client.closeCode == .some(.some(4000)))
            client.raw.close()
            try await eventually("the server has forgotten it") {
                try await server.request("/metrics").body.contains("churn_ws_connections 0\n")
            }
        }
    }

    @Test("a client that ends its side, or that vanishes, is forgotten")
    func halfClosed() async throws {
        try await ServeHarness.run { server in
            let half = try await WebSocketClient.connect(port: server.port)
            try await half.raw.finish()
            let gone = try await WebSocketClient.connect(port: server.port)
            gone.raw.close()
            try await eventually("both are forgotten") {
                try await server.request("/metrics").body.contains("churn_ws_connections 0\n")
            }
            half.raw.close()
        }
    }

    @Test("pings are answered, commands too, and what is no command gets an error")
    func commands() async throws {
        try await ServeHarness.run { server in
            let client = try await WebSocketClient.connect(port: server.port)
            try await client.raw.send(ClientFrame.masked(0x89, [1, 2]))
            try await client.send(#"{"type":"ping"}"#)
            try await client.send(#"{"type":"fly"}"#)
            try await client.send("[[[")
            try await eventually("four answers came") { client.messages.count >= 5 }
            #expect(client.messages.contains(.pong([1, 2])))
            #expect(client.texts.contains(#"{"type":"pong"}"#))
            #expect(client.texts.contains { $0.contains("unknown_command") })
            #expect(client.texts.contains { $0.contains("malformed_command") })
            client.raw.close()
        }
    }

    @Test("a client that says too much is closed with 4029", arguments: [0x89, 0x8A, 0x81] as [UInt8])
    func flood(_ first: UInt8) async throws {
        try await ServeHarness.run { server in
            let client = try await WebSocketClient.connect(port: server.port)
            let frame = ClientFrame.masked(first, first == 0x81 ? Array(#"{"type":"ping"}"#.utf8) : [])
            try await client.raw.send((0..<30).flatMap { _ in frame })
            try await eventually("it was closed") { client.closeCode != nil }
            #expect(client.closeCode == .some(.some(4029)))
            client.raw.close()
        }
    }

    @Test("a client that does not answer pings is closed with 4008, one that does is not")
    func pings() async throws {
        var limits = ServerLimits()
        limits.pingInterval = .milliseconds(50)
        limits.pongTimeout = .seconds(2)
        try await ServeHarness.run(limits: limits) { server in
            let silent = try await WebSocketClient.connect(port: server.port)
            let good = try await WebSocketClient.connect(port: server.port, answersPings: true)
            try await eventually("the silent one was closed") {
                silent.closeCode != nil && good.messages.count { $0 == .ping } >= 5
            }
            #expect(silent.closeCode == .some(.some(4008)))
            #expect(good.closeCode == .none)
            silent.raw.close()
            good.raw.close()
        }
    }

    @Test("a client that does not read is closed with 4008 while others go on")
    func slowReader() async throws {
        var limits = ServerLimits()
        limits.writeStallTimeout = .milliseconds(300)
        limits.closeTimeout = .seconds(30)
        try await ServeHarness.run(limits: limits) { server in
            let slow = try await WebSocketClient.connect(port: server.port, reads: false, receiveBuffer: 4096)
            let good = try await WebSocketClient.connect(port: server.port)
            var feed = TestFeed(store: server.store)
            for _ in 0..<40 { server.hub.publish([try await feed.write(200, padding: 1000)]) }
            try await eventually("the good one has everything") { FeedText.numbers(in: good.texts).count >= 8000 }
            #expect(FeedText.numbers(in: good.texts) == Array(0..<8000))
            try await eventually("the slow one was given up") {
                try await server.request("/metrics").body.contains(#"churn_ws_closed_total{code="4008"} 1"#)
            }
            try await slow.raw.setReads(true)
            try await eventually("it reads why") { slow.closeCode != nil }
            #expect(slow.closeCode == .some(.some(4008)))
            let numbers = FeedText.numbers(in: slow.texts)
            #expect(numbers == Array(0..<Int64(numbers.count)))
            // Frames of 1 KB: the server's own buffer and the kernel's, which would take megabytes by itself.
            #expect(numbers.count < 1_000)
            slow.raw.close()
            good.raw.close()
        }
    }

    @Test("no more WebSockets are opened than allowed")
    func maximumSockets() async throws {
        var limits = ServerLimits.patient
        limits.maximumSockets = 1
        try await ServeHarness.run(limits: limits) { server in
            let first = try await WebSocketClient.connect(port: server.port)
            try await eventually("it is open") { first.lastCursor != nil }
            let second = try await RawClient.connect(port: server.port)
            try await second.send(WebSocketClient.handshake(port: server.port))
            try await eventually("it was refused") { second.isClosed }
            #expect(Answer(second.text).status == 429)
            #expect(Answer(second.text).header("retry-after") != nil)
            first.raw.close()
            second.close()
        }
    }

    @Test("a stop closes every WebSocket with 1001, closes every connection and takes a bounded time")
    func shutdown() async throws {
        var limits = ServerLimits.patient
        // Long enough for a busy machine to say 1001 before it cuts what is still open.
        limits.shutdownTimeout = .seconds(5)
        let clients = Clients()
        let time = try await ServeHarness.run(limits: limits) { server in
            let silent = try await RawClient.connect(port: server.port)
            let half = try await RawClient.connect(port: server.port)
            try await half.send("GET / HTT")
            let body = try await RawClient.connect(port: server.port)
            try await body.send("POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc")
            let idle = try await RawClient.connect(port: server.port)
            try await idle.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try await eventually("the idle one was answered") { idle.text.contains("200 OK") }
            let first = try await WebSocketClient.connect(port: server.port)
            let second = try await WebSocketClient.connect(port: server.port)
            try await eventually("both are open") { first.lastCursor != nil && second.lastCursor != nil }
            await clients.keep([silent, half, body, idle], [first, second])
        }
        #expect(time < .seconds(15))
        for client in await clients.webSockets {
            try await eventually("it was closed") { client.closeCode != nil }
            #expect(client.closeCode == .some(.some(1001)))
            client.raw.close()
        }
        for client in await clients.raw {
            try await eventually("it was closed") { client.isClosed }
            client.close()
        }
    }

    private actor Clients {
        var raw: [RawClient] = []
        var webSockets: [WebSocketClient] = []
        func keep(_ raw: [RawClient], _ webSockets: [WebSocketClient]) {
            self.raw = raw
            self.webSockets = webSockets
        }
    }
}
