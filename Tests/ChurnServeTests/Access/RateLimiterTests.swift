import NIOCore
import NIOHTTP1
import Testing

@testable import ChurnServe

@Suite struct RateLimiterTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    @Test("everyone has that many at once, and gets as many back in a second")
    func perRequester() {
        let limiter = RateLimiter(perSecond: 5, now: self.start)
        for requester in ["a", "b"] {
            let taken = (0..<8).map { _ in limiter.take(requester, now: self.start) }
            #expect(taken == Array(repeating: true, count: 5) + Array(repeating: false, count: 3))
        }
        #expect(limiter.take("a", now: self.start + .milliseconds(200)))
        #expect(!limiter.take("a", now: self.start + .milliseconds(200)))
        #expect((0..<8).count { _ in limiter.take("a", now: self.start + .seconds(60)) } == 5)
    }

    @Test("what is remembered is bounded; the surplus shares one allowance, and idle requesters make room")
    func bounded() {
        let limiter = RateLimiter(perSecond: 2, capacity: 100, now: self.start)
        let taken = (0..<1_000).count { limiter.take("\($0)", now: self.start) }
        #expect(taken == 102)
        #expect(limiter.count == 100)
        let later = self.start + .seconds(2)
        #expect((0..<50).allSatisfy { limiter.take("new \($0)", now: later) })
        #expect(limiter.count == 50)
    }

    @Test(
        "addresses are distinguished, networks of IPv6 are one, and a proxy's word counts only where one was stated",
        arguments: [
            ("10.0.0.1", nil, false, "10.0.0.1"), ("10.0.0.1", "1.2.3.4", false, "10.0.0.1"),
            ("10.0.0.1", "1.2.3.4", true, "1.2.3.4"), ("10.0.0.1", "6.6.6.6, 1.2.3.4", true, "1.2.3.4"),
            ("10.0.0.1", "nonsense", true, "10.0.0.1"), ("10.0.0.1", nil, true, "10.0.0.1"),
            ("10.0.0.1", "203.0.113.5:51234", true, "203.0.113.5"), ("10.0.0.1", "6.6.6.6, 1.2.3.4:5", true, "1.2.3.4"),
            ("10.0.0.1", "[2001:db8::1]:443", true, "20:1:d:b8:0:0:0:0"),
            ("10.0.0.1", "[2001:db8::1]", true, "20:1:d:b8:0:0:0:0"),
            ("10.0.0.1", "2001:db8::1", true, "20:1:d:b8:0:0:0:0"),
            ("10.0.0.1", "\"[2001:db8::1]:443\"", true, "20:1:d:b8:0:0:0:0"),
            ("10.0.0.1", " 1.2.3.4\t", true, "1.2.3.4"),
            ("10.0.0.1", "1.2.3.4:", true, "10.0.0.1"), ("10.0.0.1", "1.2.3.4:99999", true, "10.0.0.1"),
            ("10.0.0.1", "[2001:db8::1", true, "10.0.0.1"), ("10.0.0.1", "evil.example:80", true, "10.0.0.1"),
            ("10.0.0.1", "unknown", true, "10.0.0.1"), ("10.0.0.1", "1.2.3.4, ", true, "10.0.0.1"),
            ("10.0.0.1", "203.0.113.5:51234", false, "10.0.0.1"),
            ("2001:db8:1:2:3:4:5:6", nil, false, "20:1:d:b8:0:1:0:2"),
            ("2001:db8:1:2:ffff::1", nil, false, "20:1:d:b8:0:1:0:2"), ("::1", nil, false, "::1"),
            ("::ffff:10.0.0.1", nil, false, "::ffff:10.0.0.1"),
        ] as [(String, String?, Bool, String)])
    func addresses(_ peer: String, _ forwarded: String?, _ isBehindProxy: Bool, _ key: String) throws {
        let headers = HTTPHeaders(forwarded.map { [("X-Forwarded-For", $0)] } ?? [])
        let address = try SocketAddress(ipAddress: peer, port: 1)
        #expect(RequesterAddress.key(of: address, headers: headers, isBehindProxy: isBehindProxy) == key)
    }

    @Test("an address that asks too much learns when to come back")
    func overTheWire() async throws {
        var limits = ServerLimits()
        limits.requestsPerSecondPerAddress = 1
        try await ServeHarness.run(limits: limits) { server in
            var refused: Answer?
            // The bucket fills while the requests are made: some of many come too early.
            for _ in 0..<50 where refused == nil {
                let answer = try await server.request("/health/live")
                if answer.status != 200 { refused = answer }
            }
            #expect(refused?.status == 429)
            #expect(refused?.header("retry-after") == "1")
            #expect(refused?.body.contains(#""code":"too_many_requests""#) == true)
        }
    }
}
