import ChurnCore
import ServeTestSupport
import Testing

@testable import ChurnServe

/// Knows some tokens until they are revoked.
private final class ListedTokens: Authenticator {
    struct Unavailable: Error {}
    let principals: Locked<[String: Principal]>
    let isAway = Locked(false)
    let lookups = Locked(0)

    init(_ principals: [String: Principal]) { self.principals = Locked(principals) }

    func principal(for token: String) async throws -> Principal? {
        self.lookups.withLock { $0 += 1 }
        if self.isAway.withLock({ $0 }) { throw Unavailable() }
        guard let principal = self.principals.withLock({ $0[token] }) else { return nil }
        if let expiry = principal.expiry, expiry <= Timestamp.systemNow() { return nil }
        return principal
    }
}

@Suite(.timeLimit(.minutes(2))) struct SocketSignInTests {
    private var tokens: ListedTokens {
        ListedTokens([
            "good": Principal(name: "ann", roles: [.viewer]), "agent": Principal(name: "bob", roles: [.agent]),
            "root": Principal(name: "eve", roles: [.admin]), "sender": Principal(name: "kim", roles: [.ingest]),
            "other": Principal(name: "ann", roles: [.viewer]),
        ])
    }

    /// Short times, and checks often enough for them.
    private var quick: ServerLimits {
        var limits = ServerLimits()
        limits.signInTimeout = .milliseconds(300)
        limits.tokenCheckInterval = .milliseconds(100)
        limits.writeStallTimeout = .milliseconds(400)
        return limits
    }

    @Test(
        "a token in the handshake decides before the upgrade",
        arguments: [
            ("Bearer good", 101), ("bearer agent", 101), ("Bearer root", 101), ("Bearer sender", 403),
            ("Bearer nobody", 401), ("Basic good", 401), ("Bearer", 401), ("Bearer ", 401), ("Bearer a b", 401),
            ("Bearer  good", 101), ("Bearer good ", 101), ("Bearer x, Bearer good", 401),
        ])
    func handshake(_ value: String, _ status: Int) async throws {
        try await ServeHarness.run(authenticator: self.tokens) { server in
            let client = try await RawClient.connect(port: server.port)
            let header = "Authorization: \(value)\r\n"
            try await client.send(WebSocketClient.handshake(port: server.port, headers: header))
            try await eventually("an answer came") { client.text.contains("\r\n\r\n") }
            #expect(Answer(client.text).status == status)
            // The same text as a route's answer to the same header.
            let route = try await server.request("/api/customer/c1", headers: header)
            #expect(route.status == (status == 101 ? 404 : status))
            if status != 101 {
                for text in ["credential_refused", "not_allowed"] {
                    #expect(Answer(client.text).body.contains(text) == route.body.contains(text))
                }
                #expect(Answer(client.text).header("www-authenticate") == route.header("www-authenticate"))
            }
            client.close()
        }
    }

    @Test("a client with a token in the handshake gets the feed at once")
    func feedByHandshake() async throws {
        try await ServeHarness.run(authenticator: self.tokens) { server in
            let client = try await WebSocketClient.connect(
                port: server.port, headers: "Authorization: Bearer good\r\n")
            try await eventually("the cursor came") { client.lastCursor != nil }
            client.raw.close()
        }
    }

    @Test("without a token nothing is sent; with the first message as token the feed begins")
    func firstMessage() async throws {
        try await ServeHarness.run(authenticator: self.tokens) { server in
            var feed = TestFeed(store: server.store)
            let client = try await WebSocketClient.connect(port: server.port)
            server.hub.publish([try await feed.write(5)])
            #expect(client.messages.isEmpty)
            // What follows the token at once waits for its answer.
            try await client.send(#"{"type":"authenticate","token":"good"}"#)
            try await client.send(#"{"type":"ping"}"#)
            try await eventually("the feed began") { client.lastCursor != nil && client.texts.count >= 3 }
            server.hub.publish([try await feed.write(5)])
            try await eventually("updates came") { FeedText.numbers(in: client.texts).last == 9 }
            #expect(client.texts.first == #"{"type":"authenticated","payload":{"name":"ann"}}"#)
            #expect(client.texts.contains(#"{"type":"pong"}"#))
            client.raw.close()
        }
    }

    @Test(
        "a first message that is no good token ends the connection, and no update is sent before",
        arguments: [
            (#"{"type":"authenticate","token":"nobody"}"#, 4001), (#"{"type":"authenticate","token":"sender"}"#, 4003),
            (#"{"type":"ping"}"#, 4001), ("good", 4001),
        ])
    func badFirstMessage(_ message: String, _ code: UInt16) async throws {
        try await ServeHarness.run(authenticator: self.tokens) { server in
            let client = try await WebSocketClient.connect(port: server.port)
            var feed = TestFeed(store: server.store)
            server.hub.publish([try await feed.write(5)])
            try await client.send(message)
            try await eventually("it was closed") { client.closeCode != nil }
            #expect(client.closeCode == .some(.some(code)))
            #expect(client.texts.isEmpty)
            client.raw.close()
        }
    }

    @Test("who sends no token in time is closed with 4001")
    func tooLate() async throws {
        try await ServeHarness.run(limits: self.quick, authenticator: self.tokens) { server in
            let client = try await WebSocketClient.connect(port: server.port)
            try await eventually("it was closed") { client.closeCode != nil }
            #expect(client.messages == [.close(4001)])
            client.raw.close()
        }
    }

    @Test("a token that cannot be checked now is answered with 503, or 1013, and not taken for a bad one")
    func unavailable() async throws {
        let tokens = self.tokens
        tokens.isAway.withLock { $0 = true }
        try await ServeHarness.run(authenticator: tokens) { server in
            let early = try await RawClient.connect(port: server.port)
            try await early.send(
                WebSocketClient.handshake(port: server.port, headers: "Authorization: Bearer good\r\n"))
            try await eventually("an answer came") { early.text.contains("\r\n\r\n") }
            #expect(Answer(early.text).status == 503)
            early.close()
            let client = try await WebSocketClient.connect(port: server.port)
            try await client.send(#"{"type":"authenticate","token":"good"}"#)
            try await eventually("it was closed") { client.closeCode != nil }
            #expect(client.messages == [.close(1013)])
            client.raw.close()
        }
    }

    @Test("a token is checked again at its expiry, and a newer one of the same principal goes on")
    func expiry() async throws {
        let tokens = self.tokens
        tokens.principals.withLock { $0["brief-new"] = Principal(name: "brief", roles: [.viewer]) }
        var limits = ServerLimits.patient
        limits.tokenCheckInterval = .seconds(3600)
        try await ServeHarness.run(limits: limits, authenticator: tokens) { server in
            // From now and not from before the server started: a busy machine takes seconds for that.
            let soon = Timestamp.systemNow().advanced(by: .seconds(20))
            for name in ["short", "brief"] {
                tokens.principals.withLock { $0[name] = Principal(name: name, roles: [.viewer], expiry: soon) }
            }
            let short = try await WebSocketClient.connect(
                port: server.port, headers: "Authorization: Bearer short\r\n", answersPings: true)
            let brief = try await WebSocketClient.connect(port: server.port, answersPings: true)
            try await brief.send(#"{"type":"authenticate","token":"brief"}"#)
            try await eventually("the feed began") { brief.lastCursor != nil && short.lastCursor != nil }
            try await brief.send(#"{"type":"authenticate","token":"brief-new"}"#)
            try await eventually("the new token was taken") {
                brief.texts.count { $0.contains("authenticated") } == 2
            }
            try await eventually(within: .seconds(60), "the expired one was closed") { short.closeCode != nil }
            #expect(short.closeCode == .some(.some(4001)))
            #expect(Timestamp.systemNow() >= soon)
            #expect(brief.closeCode == nil)
            for client in [short, brief] { client.raw.close() }
        }
    }

    @Test("a revoked token ends its connections, and so does another principal's token")
    func revoked() async throws {
        let tokens = self.tokens
        try await ServeHarness.run(limits: self.quick, authenticator: tokens) { server in
            let revoked = try await WebSocketClient.connect(
                port: server.port, headers: "Authorization: Bearer good\r\n", answersPings: true)
            let changed = try await WebSocketClient.connect(
                port: server.port, headers: "Authorization: Bearer agent\r\n", answersPings: true)
            try await eventually("the feed began") { revoked.lastCursor != nil && changed.lastCursor != nil }
            tokens.principals.withLock { $0["good"] = nil }
            try await changed.send(#"{"type":"authenticate","token":"root"}"#)
            try await eventually("both were closed") { revoked.closeCode != nil && changed.closeCode != nil }
            #expect(revoked.closeCode == .some(.some(4001)))
            #expect(changed.closeCode == .some(.some(4003)))
            for client in [revoked, changed] { client.raw.close() }
        }
    }

    @Test("a principal has that many connections and no more, whatever its token, until one ends")
    func places() async throws {
        var limits = ServerLimits.patient
        limits.maximumSocketsPerPrincipal = 2
        try await ServeHarness.run(limits: limits, authenticator: self.tokens) { server in
            let first = try await WebSocketClient.connect(
                port: server.port, headers: "Authorization: Bearer good\r\n")
            let second = try await WebSocketClient.connect(port: server.port)
            try await second.send(#"{"type":"authenticate","token":"other"}"#)
            try await eventually("the feed began") { second.lastCursor != nil }
            let third = try await RawClient.connect(port: server.port)
            try await third.send(
                WebSocketClient.handshake(port: server.port, headers: "Authorization: Bearer good\r\n"))
            try await eventually("an answer came") { third.text.contains("\r\n\r\n") }
            #expect(Answer(third.text).status == 429)
            third.close()
            let fourth = try await WebSocketClient.connect(port: server.port)
            try await fourth.send(#"{"type":"authenticate","token":"good"}"#)
            try await eventually("it was closed") { fourth.closeCode != nil }
            #expect(fourth.messages == [.close(4029)])
            fourth.raw.close()
            first.raw.close()
            try await eventually("the place is free again") {
                let again = try await RawClient.connect(port: server.port)
                defer { again.close() }
                try await again.send(
                    WebSocketClient.handshake(port: server.port, headers: "Authorization: Bearer good\r\n"))
                try await eventually("an answer came") { again.text.contains("\r\n\r\n") }
                return Answer(again.text).status == 101
            }
            second.raw.close()
        }
    }

    @Test("a server without authentication says that it asks for no token")
    func openAccess() async throws {
        try await ServeHarness.run { server in
            let client = try await WebSocketClient.connect(
                port: server.port, headers: "Authorization: Bearer whatever\r\n")
            try await client.send(#"{"type":"authenticate","token":"x"}"#)
            try await eventually("it said so") { client.texts.contains { $0.contains("no_authentication") } }
            #expect(client.closeCode == nil)
            client.raw.close()
        }
    }
}
