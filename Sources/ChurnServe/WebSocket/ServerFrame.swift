import NIOCore

/// Encodes frames as a server sends them: unmasked and in one piece.
enum ServerFrame {
    /// The most bytes that a frame's header takes.
    static let maximumHeaderBytes = 10

    /// Appends the header of a text frame.
    static func writeTextHeader(length: Int, into buffer: inout ByteBuffer) {
        self.writeHeader(firstByte: 0x81, length: length, into: &buffer)
    }

    /// Returns the number of header bytes of a frame that was encoded here.
    static func headerBytes(of frame: UnsafeRawBufferPointer) -> Int {
        switch frame.count > 1 ? frame[1] : 0 {
        case 126: 4
        case 127: 10
        default: min(2, frame.count)
        }
    }

    static func text(_ bytes: [UInt8]) -> ByteBuffer { self.frame(firstByte: 0x81, ByteBuffer(bytes: bytes)) }
    static func text(_ payload: ByteBuffer) -> ByteBuffer { self.frame(firstByte: 0x81, payload) }
    static func binary(_ payload: ByteBuffer) -> ByteBuffer { self.frame(firstByte: 0x82, payload) }
    static func ping(_ payload: ByteBuffer) -> ByteBuffer { self.frame(firstByte: 0x89, payload) }
    static func pong(_ payload: ByteBuffer) -> ByteBuffer { self.frame(firstByte: 0x8A, payload) }

    /// - Parameter retryAfter: when the client should come back, in seconds.
    static func close(_ code: CloseCode?, reason: StaticString = "", retryAfter: Double? = nil) -> ByteBuffer {
        var payload = ByteBuffer()
        if let code {
            payload.writeInteger(code.rawValue)
            payload.writeStaticString(reason)
            if let retryAfter { payload.writeString("; retryAfter=\(retryAfter)") }
        }
        return self.frame(firstByte: 0x88, payload)
    }

    private static func frame(firstByte: UInt8, _ payload: ByteBuffer) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(payload.readableBytes + self.maximumHeaderBytes)
        self.writeHeader(firstByte: firstByte, length: payload.readableBytes, into: &buffer)
        buffer.writeImmutableBuffer(payload)
        return buffer
    }

    private static func writeHeader(firstByte: UInt8, length: Int, into buffer: inout ByteBuffer) {
        buffer.writeInteger(firstByte)
        switch length {
        case ..<126: buffer.writeInteger(UInt8(length))
        case ..<65_536: buffer.writeMultipleIntegers(UInt8(126), UInt16(length))
        default: buffer.writeMultipleIntegers(UInt8(127), UInt64(length))
        }
    }
}
