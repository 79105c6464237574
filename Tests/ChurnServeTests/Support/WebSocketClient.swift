import ServeTestSupport
import Testing

@testable import ChurnServe

/// A WebSocket client that can also break every rule.
final class WebSocketClient: Sendable {
    enum Message: Equatable {
        case text(String)
        case ping
        case pong([UInt8])
        case close(UInt16?)
    }

    let raw: RawClient
    private let handshakeBytes: Int

    private init(raw: RawClient, handshakeBytes: Int) {
        self.raw = raw
        self.handshakeBytes = handshakeBytes
    }

    static func handshake(port: Int, path: String = "/ws/updates", query: String = "", headers: String = "") -> String {
        """
        GET \(path)\(query) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
        Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\(headers)\r\n
        """
    }

    static func connect(
        port: Int, query: String = "", headers: String = "", reads: Bool = true, receiveBuffer: Int? = nil,
        answersPings: Bool = false
    ) async throws -> WebSocketClient {
        let raw = try await RawClient.connect(
            port: port, receiveBuffer: receiveBuffer, answersPings: answersPings)
        try await raw.send(self.handshake(port: port, query: query, headers: headers))
        try await eventually("the handshake was answered") { raw.text.contains("\r\n\r\n") || raw.isClosed }
        guard raw.text.hasPrefix("HTTP/1.1 101"), raw.text.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") else {
            throw HandshakeRefused()
        }
        if !reads { try await raw.setReads(false) }
        let head = raw.received.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound ?? 0
        return WebSocketClient(raw: raw, handshakeBytes: head)
    }

    struct HandshakeRefused: Error {}

    /// Everything that the server said so far, frame by frame.
    var messages: [Message] {
        var bytes = self.raw.received.dropFirst(self.handshakeBytes)
        var messages: [Message] = []
        while let frame = Self.popFrame(&bytes) {
            switch frame.opcode {
            case 0x1: messages.append(.text(String(decoding: frame.payload, as: UTF8.self)))
            case 0x8:
                let code = frame.payload.count >= 2 ? UInt16(frame.payload[0]) << 8 | UInt16(frame.payload[1]) : nil
                messages.append(.close(code))
            case 0x9: messages.append(.ping)
            case 0xA: messages.append(.pong(frame.payload))
            default: break
            }
        }
        return messages
    }

    var texts: [String] { self.messages.compactMap { if case .text(let text) = $0 { text } else { nil } } }

    /// The code that the server closed with; nil while it did not.
    var closeCode: UInt16?? {
        for case .close(let code) in self.messages { return .some(code) }
        return .none
    }

    /// The reason that the server closed with.
    var closeReason: String? {
        var bytes = self.raw.received.dropFirst(self.handshakeBytes)
        while let frame = Self.popFrame(&bytes) {
            if frame.opcode == 0x8 { return String(decoding: frame.payload.dropFirst(2), as: UTF8.self) }
        }
        return nil
    }

    var lastCursor: String? { FeedText.cursors(in: self.texts).last }

    static func popFrame(_ bytes: inout ArraySlice<UInt8>) -> (opcode: UInt8, payload: [UInt8])? {
        let start = bytes.startIndex
        guard bytes.count >= 2 else { return nil }
        var length = Int(bytes[start + 1])
        var header = 2
        if length >= 126 {
            let count = length == 126 ? 2 : 8
            guard bytes.count >= 2 + count else { return nil }
            length = bytes[(start + 2)..<(start + 2 + count)].reduce(0) { $0 << 8 | Int($1) }
            header += count
        }
        guard bytes.count >= header + length else { return nil }
        let payload = Array(bytes[(start + header)..<(start + header + length)])
        let opcode = bytes[start] & 0x0F
        bytes = bytes.dropFirst(header + length)
        return (opcode, payload)
    }

    func send(_ text: String) async throws { try await self.raw.send(ClientFrame.masked(0x81, Array(text.utf8))) }
}

/// Encodes frames as clients send them.
enum ClientFrame {
    static func masked(_ first: UInt8, _ payload: [UInt8], mask: [UInt8] = [0x11, 0x82, 0x3C, 0xF0]) -> [UInt8] {
        var bytes = [first]
        switch payload.count {
        case ..<126: bytes.append(0x80 | UInt8(payload.count))
        case ..<65_536: bytes += [0xFE, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default:
            bytes.append(0xFF)
            bytes += (0..<8).reversed().map { UInt8(truncatingIfNeeded: payload.count >> ($0 * 8)) }
        }
        bytes += mask
        bytes += payload.enumerated().map { $1 ^ mask[$0 & 3] }
        return bytes
    }

    static func close(_ code: UInt16, _ reason: String = "") -> [UInt8] {
        self.masked(0x88, [UInt8(code >> 8), UInt8(code & 0xFF)] + Array(reason.utf8))
    }
}
