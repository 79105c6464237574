import ChurnCore
import NIOCore
import Testing

@testable import ChurnServe

/// The result of a run of bytes.
private struct Outcome: Equatable {
    var events: [WebSocketValidator.Event] = []
    var violation: WebSocketValidator.Violation?
}

/// A run of bytes that must be refused.
struct Offence: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var bytes: [UInt8]
    var code: CloseCode

    init(_ name: String, _ bytes: [UInt8], _ code: CloseCode = .protocolError) {
        self.testDescription = name
        self.bytes = bytes
        self.code = code
    }
}

@Suite struct WebSocketValidatorTests {
    private static let limits = WebSocketValidator.Limits(
        maximumFrameBytes: 1000, maximumMessageBytes: 1500, maximumFragments: 4)

    /// Feeds bytes in pieces of the given size.
    private func feed(_ bytes: [UInt8], piece: Int = .max) -> Outcome {
        var validator = WebSocketValidator(limits: Self.limits)
        var outcome = Outcome()
        var rest = bytes[...]
        while !rest.isEmpty {
            var buffer = ByteBuffer(bytes: rest.prefix(piece))
            rest = rest.dropFirst(piece)
            do {
                while let event = try validator.nextEvent(from: &buffer) { outcome.events.append(event) }
            } catch {
                outcome.violation = error
                return outcome
            }
        }
        return outcome
    }

    private static func header(_ first: UInt8, _ second: UInt8, _ more: [UInt8] = []) -> [UInt8] {
        [first, second] + more
    }

    private static let offences: [Offence] =
        [0x40, 0x20, 0x10].map { Offence("reserved bit \($0)", [0x81 | $0]) }
        + [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map { Offence("reserved opcode \($0)", [0x80 | $0]) }
        + [0x08, 0x09, 0x0A].map { Offence("fragmented control frame \($0)", [$0]) }
        + [0x88, 0x89, 0x8A].map { Offence("control frame of 126 bytes \($0)", [$0, 0xFE]) }
        + [0x88, 0x89, 0x8A].map { Offence("control frame of 64-bit length \($0)", [$0, 0xFF]) }
        + [0x81, 0x82, 0x89, 0x88].map { Offence("unmasked frame \($0)", [$0, 0x02]) }
        + [
            Offence("continuation of nothing", [0x80]),
            Offence("text within a text", ClientFrame.masked(0x01, [0x41]) + [0x81]),
            Offence("binary within a text", ClientFrame.masked(0x01, [0x41]) + [0x82]),
            Offence("continuation after the end", ClientFrame.masked(0x81, [0x41]) + [0x80]),
            Offence("16-bit length under 126", [0x81, 0xFE, 0, 125]),
            Offence("64-bit length under 65536", [0x81, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
            Offence("length with its highest bit", [0x81, 0xFF, 0x80, 0, 0, 0, 0, 1, 0, 0]),
            Offence("frame over the limit", [0x82, 0xFE, 0x03, 0xE9], .tooBig),
            Offence("huge frame", [0x82, 0xFF, 0, 0, 0, 1, 0, 0, 0, 0], .tooBig),
            Offence(
                "message over the limit",
                ClientFrame.masked(0x02, [UInt8](repeating: 0, count: 900)) + [0x80, 0xFE, 0x02, 0x59], .tooBig),
            Offence(
                "too many fragments",
                ClientFrame.masked(0x01, []) + ClientFrame.masked(0x00, []) + ClientFrame.masked(0x00, []) + [0x00],
                .policy),
            Offence("text that is not UTF-8", ClientFrame.masked(0x81, [0xC0, 0x80]), .invalidText),
            Offence("text that ends within a character", ClientFrame.masked(0x81, [0xE2, 0x82]), .invalidText),
            Offence(
                "bad UTF-8 across fragments",
                ClientFrame.masked(0x01, [0xE2, 0x82]) + ClientFrame.masked(0x80, [0x41]), .invalidText),
            Offence("close frame of one byte", [0x88, 0x81]),
            Offence(
                "close reason that is not UTF-8", ClientFrame.masked(0x88, [0x03, 0xE8, 0xFF]), .invalidText),
        ]
        + [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map {
            Offence("close code \($0)", ClientFrame.close($0))
        }

    @Test("every offence ends the connection with its code, however the bytes are cut", arguments: Self.offences)
    func refuses(_ offence: Offence) {
        for piece in [Int.max, 1, 2, 3, 7] {
            #expect(self.feed(offence.bytes, piece: piece).violation?.code == offence.code)
        }
    }

    @Test("an offence in a header is found before its payload comes")
    func failsFast() {
        #expect(self.feed([0xC1]).violation != nil)
        #expect(self.feed([0x81, 0x05]).violation != nil)
        let truncated = ClientFrame.masked(0x81, [0x41, 0xFF] + [UInt8](repeating: 0x41, count: 90)).prefix(8)
        #expect(self.feed(Array(truncated)).violation?.code == .invalidText)
    }

    @Test(
        "valid close codes are passed on",
        arguments: [
            1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012,
            1013, 1014, 3000, 3999, 4000, 4999,
        ] as [UInt16])
    func closeCodes(_ code: UInt16) {
        #expect(self.feed(ClientFrame.close(code, "ende\u{301}")).events == [.close(CloseCode(rawValue: code))])
    }

    @Test("messages come out whole, with control frames between their fragments")
    func messages() {
        let bytes =
            ClientFrame.masked(0x01, Array("Grü".utf8).dropLast()) + ClientFrame.masked(0x89, [1, 2, 3])
            + ClientFrame.masked(0x80, [Array("Grü".utf8)[3]] + Array("ße".utf8))
            + ClientFrame.masked(0x82, [0, 255]) + ClientFrame.masked(0x8A, []) + ClientFrame.masked(0x81, [])
            + ClientFrame.masked(0x88, [])
        let expected = Outcome(events: [
            .ping(ByteBuffer(bytes: [1, 2, 3])), .text(ByteBuffer(string: "Grüße")),
            .binary(ByteBuffer(bytes: [0, 255])), .pong(ByteBuffer()), .text(ByteBuffer()), .close(nil),
        ])
        for piece in [Int.max, 1, 2, 3, 5, 11] { #expect(self.feed(bytes, piece: piece) == expected) }
    }

    @Test("a frame, a message and a number of fragments at their limit are accepted")
    func limits() {
        let large = [UInt8](repeating: 0x41, count: 1000)
        #expect(self.feed(ClientFrame.masked(0x82, large)).events.count == 1)
        #expect(
            self.feed(ClientFrame.masked(0x02, large) + ClientFrame.masked(0x80, Array(large.prefix(500))))
                .events.count == 1)
        let four =
            ClientFrame.masked(0x01, [0x41]) + ClientFrame.masked(0x00, [0x41]) + ClientFrame.masked(0x00, [0x41])
            + ClientFrame.masked(0x80, [0x41])
        #expect(self.feed(four).events == [.text(ByteBuffer(string: "AAAA"))])
        #expect(self.feed(ClientFrame.masked(0x89, [UInt8](repeating: 7, count: 125))).events.count == 1)
    }

    @Test("nothing is read after a close frame or an offence")
    func endsForGood() throws {
        #expect(self.feed(ClientFrame.close(1000) + [0xFF, 0xFF]).events.count == 1)
        var validator = WebSocketValidator(limits: Self.limits)
        var bad = ByteBuffer(bytes: [0xFF])
        let first = Result { try validator.nextEvent(from: &bad) }
        #expect(throws: WebSocketValidator.Violation.self) { try first.get() }
        var good = ByteBuffer(bytes: ClientFrame.masked(0x81, [0x41]))
        let second = Result { try validator.nextEvent(from: &good) }
        #expect(throws: WebSocketValidator.Violation.self) { try second.get() }
    }

    @Test("random bytes never crash it, and cutting them differently changes nothing")
    func randomBytes() {
        var random = SeededRandom(seed: 2)
        for _ in 0..<5_000 {
            var bytes: [UInt8] = []
            for _ in 0..<random.index(below: 5) {
                let first: UInt8 =
                    random.chance(0.9) ? [0x81, 0x01, 0x80, 0x00, 0x89, 0x8A][random.index(below: 6)] : 0x88
                let payload = (0..<random.index(below: 20)).map { _ in UInt8(0x40 + random.index(below: 40)) }
                bytes += ClientFrame.masked(first, payload)
            }
            if !bytes.isEmpty, random.chance(0.5) {
                bytes[random.index(below: bytes.count)] = UInt8(truncatingIfNeeded: random.next())
            }
            let whole = self.feed(bytes)
            #expect(self.feed(bytes, piece: 1) == whole)
            #expect(self.feed(bytes, piece: 1 + random.index(below: 9)) == whole)
        }
    }
}
