import ChurnCore
import NIOCore
import Testing

@testable import ChurnServe

@Suite struct RetryAdviceTests {
    @Test(
        "the time to come back lies within the code's range",
        arguments: [
            (CloseCode.goingAway, 1, 0.5...1.0), (.goingAway, 2_000, 0.5...10), (.goingAway, 1_000_000, 0.5...30),
            (.tooSlow, 1, 0.5...5), (.gap, 1, 0.5...5), (.tryLater, 1, 5...30), (.tooMany, 1, 30...60),
        ])
    func range(_ code: CloseCode, _ sockets: Int, _ range: ClosedRange<Double>) throws {
        var random = SeededRandom(seed: 7)
        var drawn: [Double] = []
        for _ in 0..<2_000 {
            drawn.append(try #require(RetryAdvice.seconds(after: code, sockets: sockets, using: &random)))
        }
        #expect(drawn.allSatisfy(range.contains))
        // Spread over all of it, so that clients do not come at once.
        let width = range.upperBound - range.lowerBound
        let (least, limit) = (try #require(drawn.min()), try #require(drawn.max()))
        #expect(least < range.lowerBound + width * 0.15 && limit > range.upperBound - width * 0.15)
    }

    @Test(
        "who must change something first is given no time",
        arguments: [
            CloseCode.normal, .protocolError, .unsupportedData, .invalidText, .policy, .tooBig, .badToken, .forbidden,
        ])
    func none(_ code: CloseCode) {
        var random = SeededRandom(seed: 7)
        #expect(RetryAdvice.seconds(after: code, sockets: 1, using: &random) == nil)
    }

    @Test("a close frame says when to come back at the end of its reason, and stays a short control frame")
    func frame() {
        var bytes = Array(ServerFrame.close(.goingAway, reason: "the server stops", retryAfter: 7.5).readableBytesView)[
            ...]
        let payload = WebSocketClient.popFrame(&bytes)?.payload ?? []
        #expect(payload.prefix(2).elementsEqual([0x03, 0xE9]) && payload.count <= 125)
        #expect(String(decoding: payload.dropFirst(2), as: UTF8.self) == "the server stops; retryAfter=7.5")
    }
}
