extension JSONScanner {
    /// The text of a string that was scanned.
    func text(_ value: Value) -> String {
        guard case .string(hasEscapes: true) = value.kind else {
            return String(decoding: UnsafeBufferPointer(rebasing: self.bytes[value.range]), as: UTF8.self)
        }
        return Self.unescape(self.bytes[value.range])
    }

    /// The number that was scanned; nil where it is not finite in double precision.
    func number(_ value: Value) -> Double? {
        let text = String(decoding: UnsafeBufferPointer(rebasing: self.bytes[value.range]), as: UTF8.self)
        guard let number = Double(text), number.isFinite else { return nil }
        return number
    }

    private static func unescape(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String {
        var units: [UInt8] = []
        units.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            guard bytes[index] == UInt8(ascii: "\\") else {
                units.append(bytes[index])
                index += 1
                continue
            }
            index += 2
            switch bytes[index - 1] {
            case UInt8(ascii: "b"): units.append(0x08)
            case UInt8(ascii: "f"): units.append(0x0C)
            case UInt8(ascii: "n"): units.append(0x0A)
            case UInt8(ascii: "r"): units.append(0x0D)
            case UInt8(ascii: "t"): units.append(0x09)
            case UInt8(ascii: "u"):
                var scalar = Self.hex(bytes, at: index)
                index += 4
                if (0xD800..<0xDC00).contains(scalar) {
                    scalar = 0x10000 + (scalar - 0xD800) << 10 + (Self.hex(bytes, at: index + 2) - 0xDC00)
                    index += 6
                }
                // The scanner let only whole pairs through, so every number here is a Unicode scalar.
                if let scalar = Unicode.Scalar(scalar) { units.append(contentsOf: UTF8.encode(scalar) ?? .init()) }
            default: units.append(bytes[index - 1])
            }
        }
        return String(decoding: units, as: UTF8.self)
    }

    private static func hex(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, at index: Int) -> UInt32 {
        bytes[index..<index + 4].reduce(0) { $0 << 4 | UInt32(Self.hexDigit($1) ?? 0) }
    }
}
