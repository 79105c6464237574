import ServeTestSupport
import Testing

@testable import ChurnServe

@Suite(.timeLimit(.minutes(2))) struct PresenceTests {
    private func presence(_ client: WebSocketClient) async throws -> Int {
        let before = client.texts.count { $0.contains(#""type":"presence""#) }
        try await client.send(#"{"type":"presence"}"#)
        try await eventually("the count came") {
            client.texts.count { $0.contains(#""type":"presence""#) } > before
        }
        let text = client.texts.last { $0.contains(#""type":"presence""#) } ?? ""
        return Int(text.filter(\.isNumber)) ?? -1
    }

    @Test("a client learns how many have its filter, and nothing about them")
    func counts() async throws {
        try await ServeHarness.run { server in
            let first = try await WebSocketClient.connect(port: server.port, query: "?band=High")
            let second = try await WebSocketClient.connect(port: server.port, query: "?band=High")
            let other = try await WebSocketClient.connect(port: server.port)
            for client in [first, second, other] {
                try await eventually("it is open") { client.lastCursor != nil }
            }
            #expect(try await self.presence(first) == 2)
            #expect(try await self.presence(other) == 1)
            try await other.send(#"{"type":"filter","filter":{"band":["High"]}}"#)
            #expect(try await self.presence(other) == 3)
            #expect(other.texts.contains(#"{"type":"presence","payload":{"count":3}}"#))
            second.raw.close()
            first.raw.close()
            try await eventually("those who left are not counted") { try await self.presence(other) == 1 }
            other.raw.close()
            try await eventually("nothing is kept of them") { server.hub.presence.filters == 0 }
        }
    }
}
