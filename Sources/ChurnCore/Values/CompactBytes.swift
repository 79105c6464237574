/// Appends integers, numbers and texts to bytes: integers of variable length, texts behind their length.
package struct CompactBytes: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    @inline(__always)
    package mutating func append(byte: UInt8) { self.bytes.append(byte) }

    package mutating func append(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            self.bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        self.bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    package mutating func append(_ number: Double) { self.append(fixed: number.bitPattern) }

    /// Appends eight bytes.
    package mutating func append(fixed value: UInt64) {
        withUnsafeBytes(of: value.littleEndian) { self.bytes.append(contentsOf: $0) }
    }

    package mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            self.append(UInt64(utf8.count))
            self.bytes.append(contentsOf: utf8)
        }
    }

    package mutating func append(contentsOf bytes: [UInt8]) { self.bytes.append(contentsOf: bytes) }
}

/// Reads what ``CompactBytes`` wrote, from bytes that anyone may have made; nil where they are something else.
///
/// A view: valid as long as the bytes.
package struct CompactReader {
    private let bytes: UnsafeRawBufferPointer
    private var index = 0

    package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The number of bytes left.
    package var count: Int { self.bytes.count - self.index }

    package mutating func readByte() -> UInt8? {
        guard self.index < self.bytes.count else { return nil }
        defer { self.index += 1 }
        return self.bytes[self.index]
    }

    package mutating func readInteger(upTo maximum: UInt64 = .max) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            guard let byte = self.readByte() else { return nil }
            let part = UInt64(byte & 0x7F)
            guard (part << shift) >> shift == part else { return nil }
            value |= part << shift
            if byte < 0x80 { return value <= maximum ? value : nil }
        }
        return nil
    }

    /// Reads eight bytes.
    package mutating func readFixed() -> UInt64? {
        guard self.count >= 8 else { return nil }
        defer { self.index += 8 }
        return UInt64(littleEndian: self.bytes.loadUnaligned(fromByteOffset: self.index, as: UInt64.self))
    }

    package mutating func readDouble() -> Double? { self.readFixed().map { Double(bitPattern: $0) } }

    package mutating func readText() -> String? {
        guard let length = self.readInteger(), length <= UInt64(self.count) else { return nil }
        defer { self.index += Int(length) }
        return String(validating: self.bytes[self.index..<self.index + Int(length)], as: UTF8.self)
    }

    /// All that is left.
    package mutating func readRest() -> [UInt8] {
        defer { self.index = self.bytes.count }
        return Array(self.bytes[self.index...])
    }
}

/// Writes texts of which there are few, each in full only once.
package struct FewTexts {
    /// By their bytes: texts that are equal to Swift may differ in them.
    private var written: [[UInt8]] = []
    private var read: [String] = []

    package init() {}

    /// Appends a text, or that there is none.
    package mutating func append(_ text: String?, to out: inout CompactBytes) {
        guard var text else { return out.append(byte: 0) }
        let place = text.withUTF8 { utf8 in
            self.written.firstIndex { $0.count == utf8.count && $0.elementsEqual(utf8) }
        }
        if let place { return out.append(UInt64(place + 2)) }
        self.written.append(Array(text.utf8))
        out.append(byte: 1)
        out.append(text)
    }

    /// Reads what `append` wrote.
    package mutating func read(_ reader: inout CompactReader) -> String?? {
        guard let place = reader.readInteger(upTo: UInt64(self.read.count + 1)) else { return nil }
        switch place {
        case 0: return .some(nil)
        case 1:
            guard let text = reader.readText() else { return nil }
            self.read.append(text)
            return text
        default: return self.read[Int(place) - 2]
        }
    }
}
