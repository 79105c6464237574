/// Writes JSON text into bytes.
package enum JSONText {
    /// A finite number as JSON, integers without a fraction; `null` for any other.
    static func number(_ value: Double) -> String {
        var bytes: [UInt8] = []
        Self.append(value, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends a finite number as JSON, integers without a fraction; `null` for any other.
    static func append(_ value: Double, to out: inout [UInt8]) {
        Self.append(limit: JSONNumbers.longest, to: &out) { JSONNumbers.write(value, into: $0) }
    }

    /// Appends an integer.
    static func append(_ value: Int64, to out: inout [UInt8]) {
        Self.append(limit: JSONNumbers.longest, to: &out) { JSONNumbers.write(value, into: $0) }
    }

    /// Appends what `write` puts into room for this many bytes; it returns how many they are.
    @inline(__always)
    private static func append(
        limit: Int, to out: inout [UInt8], _ write: (UnsafeMutableBufferPointer<UInt8>) -> Int
    ) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: limit) { room in
            let count = write(room)
            out.append(contentsOf: UnsafeMutableBufferPointer(rebasing: room[..<count]))
        }
    }

    /// Text in quotes, escaped.
    package static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        Self.appendQuoted(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends text in quotes, escaped.
    package static func appendQuoted(_ text: String, to out: inout [UInt8]) {
        var text = text
        text.withUTF8 { utf8 in
            // Nearly no text needs an escape; it goes in one piece.
            guard utf8.contains(where: JSONEscapes.isSpecial) else {
                out.append(UInt8(ascii: "\""))
                out.append(contentsOf: utf8)
                return out.append(UInt8(ascii: "\""))
            }
            Self.append(limit: utf8.count * JSONEscapes.longest + 2, to: &out) { JSONEscapes.quote(utf8, into: $0) }
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
