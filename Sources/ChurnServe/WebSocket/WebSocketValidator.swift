import NIOCore

/// Turns a client's bytes into messages and refuses whatever RFC 6455 or the limits forbid, at the first byte that
/// shows it.
///
/// A value without input or output of its own.
struct WebSocketValidator: Sendable {
    /// The limits of a client's messages.
    struct Limits: Equatable, Sendable {
        var maximumFrameBytes: Int
        var maximumMessageBytes: Int
        var maximumFragments: Int
    }

    /// An event on the client's side.
    enum Event: Equatable {
        case text(ByteBuffer)
        case binary(ByteBuffer)
        case ping(ByteBuffer)
        case pong(ByteBuffer)
        /// The client ends the connection; nil where it gave no code.
        case close(CloseCode?)
    }

    /// The reason why a client's bytes were refused.
    ///
    /// Final: nothing is read after it.
    struct Violation: Error, Equatable {
        var code: CloseCode
        var reason: StaticString

        static func == (a: Self, b: Self) -> Bool {
            a.code == b.code && a.reason.description == b.reason.description
        }
    }

    private enum Opcode: UInt8 {
        case continuation = 0
        case text = 1
        case binary = 2
        case close = 8
        case ping = 9
        case pong = 10

        var isControl: Bool { self.rawValue >= 8 }
    }

    private struct Frame {
        var opcode: Opcode
        var isFinal: Bool
        var length = 0
        var mask: [UInt8] = []
        /// The number of payload bytes received.
        var received = 0
    }

    private enum State {
        case start
        case length(Frame)
        case extendedLength(Frame, value: UInt64, missing: Int, lowest: UInt64)
        case mask(Frame)
        case payload(Frame)
        case ended(Violation?)
    }

    private struct Message {
        var opcode: Opcode
        var fragments = 0
        var bytes = ByteBuffer()
        var utf8 = UTF8Checker()
    }

    private let limits: Limits
    private var state = State.start
    /// The data message that is not complete.
    private var message: Message?
    /// The payload of a control frame, which may come between two fragments.
    private var control = ByteBuffer()

    init(limits: Limits) { self.limits = limits }

    /// Takes bytes off the buffer until an event is complete; nil when more bytes are needed.
    ///
    /// After a close frame and after a violation it ignores everything.
    mutating func nextEvent(from buffer: inout ByteBuffer) throws(Violation) -> Event? {
        do throws(Violation) {
            while true {
                switch self.state {
                case .start:
                    guard let byte = buffer.readInteger(as: UInt8.self) else { return nil }
                    self.state = .length(try self.begin(byte))
                case .length(let frame):
                    guard let byte = buffer.readInteger(as: UInt8.self) else { return nil }
                    self.state = try self.readLength(byte, of: frame)
                case .extendedLength(let frame, let value, let missing, let lowest):
                    guard let byte = buffer.readInteger(as: UInt8.self) else { return nil }
                    let length = value << 8 | UInt64(byte)
                    self.state =
                        missing > 1
                        ? .extendedLength(frame, value: length, missing: missing - 1, lowest: lowest)
                        : try self.checkExtendedLength(length, lowest: lowest, of: frame)
                case .mask(var frame):
                    guard let byte = buffer.readInteger(as: UInt8.self) else { return nil }
                    frame.mask.append(byte)
                    self.state = frame.mask.count == 4 ? .payload(frame) : .mask(frame)
                case .payload(var frame):
                    try self.readPayload(of: &frame, from: &buffer)
                    guard frame.received == frame.length else {
                        self.state = .payload(frame)
                        return nil
                    }
                    self.state = .start
                    if let event = try self.complete(frame) { return event }
                case .ended(let violation):
                    buffer.moveReaderIndex(to: buffer.writerIndex)
                    if let violation { throw violation }
                    return nil
                }
            }
        } catch {
            self.state = .ended(error)
            self.message = nil
            throw error
        }
    }

    private mutating func begin(_ byte: UInt8) throws(Violation) -> Frame {
        guard byte & 0x70 == 0 else { throw Violation(code: .protocolError, reason: "reserved bits are set") }
        guard let opcode = Opcode(rawValue: byte & 0x0F) else {
            throw Violation(code: .protocolError, reason: "reserved opcode")
        }
        let frame = Frame(opcode: opcode, isFinal: byte & 0x80 != 0)
        if opcode.isControl {
            guard frame.isFinal else { throw Violation(code: .protocolError, reason: "fragmented control frame") }
            self.control = ByteBuffer()
            return frame
        }
        if opcode == .continuation {
            guard self.message != nil else { throw Violation(code: .protocolError, reason: "nothing to continue") }
        } else {
            guard self.message == nil else { throw Violation(code: .protocolError, reason: "message not finished") }
            self.message = Message(opcode: opcode)
        }
        self.message?.fragments += 1
        // The last frame that is allowed must be a final one.
        let fragments = (self.message?.fragments ?? 0) + (frame.isFinal ? 0 : 1)
        guard fragments <= self.limits.maximumFragments else {
            throw Violation(code: .policy, reason: "too many fragments")
        }
        return frame
    }

    private func readLength(_ byte: UInt8, of frame: Frame) throws(Violation) -> State {
        guard byte & 0x80 != 0 else { throw Violation(code: .protocolError, reason: "unmasked frame") }
        switch byte & 0x7F {
        case 126, 127:
            guard !frame.opcode.isControl else {
                throw Violation(code: .protocolError, reason: "control frame too long")
            }
            return byte & 0x7F == 126
                ? .extendedLength(frame, value: 0, missing: 2, lowest: 126)
                : .extendedLength(frame, value: 0, missing: 8, lowest: 65_536)
        case let length: return try self.checkLength(Int(length), of: frame)
        }
    }

    private func checkExtendedLength(_ length: UInt64, lowest: UInt64, of frame: Frame) throws(Violation) -> State {
        guard length >= lowest, length <= UInt64(Int64.max) else {
            throw Violation(code: .protocolError, reason: "length not in its shortest form")
        }
        return try self.checkLength(Int(length), of: frame)
    }

    private func checkLength(_ length: Int, of frame: Frame) throws(Violation) -> State {
        var frame = frame
        frame.length = length
        if frame.opcode.isControl {
            guard frame.opcode != .close || length != 1 else {
                throw Violation(code: .protocolError, reason: "close frame of one byte")
            }
        } else {
            let before = self.message?.bytes.readableBytes ?? 0
            guard length <= self.limits.maximumFrameBytes, length <= self.limits.maximumMessageBytes - before else {
                throw Violation(code: .tooBig, reason: "frame or message too large")
            }
        }
        return .mask(frame)
    }

    private mutating func readPayload(of frame: inout Frame, from buffer: inout ByteBuffer) throws(Violation) {
        let count = min(frame.length - frame.received, buffer.readableBytes)
        guard count > 0, var piece = buffer.readSlice(length: count) else { return }
        let mask = frame.mask
        let phase = frame.received
        piece.withUnsafeMutableReadableBytes { bytes in
            for index in bytes.indices { bytes[index] ^= mask[(phase + index) & 3] }
        }
        frame.received += count
        if frame.opcode.isControl {
            self.control.writeBuffer(&piece)
        } else if self.message != nil {
            if self.message?.opcode == .text {
                let isText = piece.withUnsafeReadableBytes { self.message?.utf8.accept($0) }
                guard isText == true else { throw Violation(code: .invalidText, reason: "text is not UTF-8") }
            }
            self.message?.bytes.writeBuffer(&piece)
        }
    }

    private mutating func complete(_ frame: Frame) throws(Violation) -> Event? {
        switch frame.opcode {
        case .ping: return .ping(self.control)
        case .pong: return .pong(self.control)
        case .close: return .close(try self.completeClose())
        case .continuation, .text, .binary:
            guard frame.isFinal, let message = self.message else { return nil }
            self.message = nil
            guard message.opcode == .text else { return .binary(message.bytes) }
            guard message.utf8.isAtBoundary else {
                throw Violation(code: .invalidText, reason: "text is not UTF-8")
            }
            return .text(message.bytes)
        }
    }

    private mutating func completeClose() throws(Violation) -> CloseCode? {
        guard let number = self.control.readInteger(as: UInt16.self) else {
            self.state = .ended(nil)
            return nil
        }
        let code = CloseCode(rawValue: number)
        guard code.isValidOnWire else { throw Violation(code: .protocolError, reason: "invalid close code") }
        var checker = UTF8Checker()
        let isText = self.control.withUnsafeReadableBytes { checker.accept($0) }
        guard isText, checker.isAtBoundary else {
            throw Violation(code: .invalidText, reason: "close reason is not UTF-8")
        }
        self.state = .ended(nil)
        return code
    }
}
