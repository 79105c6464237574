import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import ChurnServe

/// On a clock that only the test moves.
@Suite("The gate gives an exchange 4 seconds") struct RequestGateTests {
    private static let step = TimeAmount.seconds(3)

    /// A connection over which a request came, whose answer has begun.
    private static func answering(_ headers: HTTPHeaders) throws -> EmbeddedChannel {
        var limits = ServerLimits()
        limits.exchangeTimeout = .seconds(4)
        let screen = RequestScreen(host: "127.0.0.1", port: 80, webSocketPaths: [], maximumBodyBytes: 1_000)
        let channel = EmbeddedChannel(
            handler: RequestGate(
                screen: screen, limits: limits, metrics: ServeMetrics(factory: PrometheusMetricsFactory()),
                addresses: RateLimiter(perSecond: 1_000), isBehindProxy: false, isSecure: false, admission: nil))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 80)).wait()
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/", headers: ["host": "127.0.0.1:80"])
        try channel.writeInbound(HTTPServerRequestPart.head(head))
        try channel.writeInbound(HTTPServerRequestPart.end(nil))
        try channel.writeOutbound(
            HTTPServerResponsePart.head(HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)))
        return channel
    }

    private static func writePart(to channel: EmbeddedChannel) throws {
        try channel.writeOutbound(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: "part"))))
    }

    @Test("and each part of an answer that is streamed as long again, so that all of it may take much longer")
    func streamed() throws {
        let channel = try Self.answering([:])
        for _ in 0..<20 {
            channel.embeddedEventLoop.advanceTime(by: Self.step)
            #expect(channel.isActive)
            try Self.writePart(to: channel)
        }
        try channel.writeOutbound(HTTPServerResponsePart.end(nil))
        channel.embeddedEventLoop.advanceTime(by: .seconds(20))
        #expect(channel.isActive, "between two requests another limit holds")
        _ = try channel.finish(acceptAlreadyClosed: true)
    }

    @Test("and cuts an answer that is streamed when a part is not followed in time")
    func stalled() throws {
        let channel = try Self.answering([:])
        channel.embeddedEventLoop.advanceTime(by: Self.step)
        try Self.writePart(to: channel)
        channel.embeddedEventLoop.advanceTime(by: Self.step)
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    @Test("and cuts one whose length was said beforehand, whatever comes meanwhile")
    func whole() throws {
        let channel = try Self.answering(["content-length": "400"])
        channel.embeddedEventLoop.advanceTime(by: Self.step)
        try Self.writePart(to: channel)
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }
}
