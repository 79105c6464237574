/// Writes JSON text into bytes.
package enum JSONText {
    /// A finite number as JSON, integers without a fraction; `null` for any other.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "null" }
        if value == value.rounded(), abs(value) < 9e15 { return String(Int64(value)) }
        return value.description
    }

    /// Appends a finite number as JSON, integers without a fraction; `null` for any other.
    static func append(_ value: Double, to out: inout [UInt8]) {
        guard value.isFinite else { return out.append(literal: "null") }
        if value == value.rounded(), abs(value) < 9e15 { return Self.append(Int64(value), to: &out) }
        out.append(utf8: value.description)
    }

    /// Appends an integer.
    static func append(_ value: Int64, to out: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var (rest, first) = (value.magnitude, 20)
            repeat {
                first -= 1
                digits[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            if value < 0 {
                first -= 1
                digits[first] = UInt8(ascii: "-")
            }
            out.append(contentsOf: UnsafeMutableBufferPointer(rebasing: digits[first...]))
        }
    }

    /// Text in quotes, escaped.
    static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        Self.appendQuoted(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends text in quotes, escaped.
    package static func appendQuoted(_ text: String, to out: inout [UInt8]) {
        var text = text
        out.append(UInt8(ascii: "\""))
        text.withUTF8 { utf8 in
            // Nearly no text needs an escape; it goes in one piece.
            if utf8.contains(where: Self.needsEscape) {
                for byte in utf8 { Self.appendEscaped(byte, to: &out) }
            } else {
                out.append(contentsOf: utf8)
            }
        }
        out.append(UInt8(ascii: "\""))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private static func appendEscaped(_ byte: UInt8, to out: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            out.append(UInt8(ascii: "\\"))
            out.append(byte)
        case 0..<0x20, 0x7F:
            out.append(utf8: "\\u00")
            out.append(Self.hexDigits[Int(byte >> 4)])
            out.append(Self.hexDigits[Int(byte & 15)])
        default: out.append(byte)
        }
    }

    /// Appends a feature's value.
    package static func append(_ value: FeatureValue, to out: inout [UInt8]) {
        switch value {
        case .missing: out.append(literal: "null")
        case .number(let number): Self.append(number, to: &out)
        case .text(let text): Self.appendQuoted(text, to: &out)
        case .boolean(let flag): out.append(literal: flag ? "true" : "false")
        }
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)
}

extension [UInt8] {
    /// Appends text that is in the program.
    @inline(__always)
    mutating func append(literal text: StaticString) {
        self.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(utf8 text: String) {
        var text = text
        text.withUTF8 { self.append(contentsOf: $0) }
    }
}
