/// Checks UTF-8 piece by piece and fails at the first byte that cannot be right (RFC 3629).
struct UTF8Checker: Equatable, Sendable {
    /// The number of missing continuation bytes.
    private var missing = 0
    /// The bounds of the next continuation byte; narrower after some first bytes.
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xBF

    /// Whether the text so far ends with a whole character.
    var isAtBoundary: Bool { self.missing == 0 }

    /// Takes more bytes; false when the text is not UTF-8, after which the checker must not be used.
    mutating func accept(_ bytes: UnsafeRawBufferPointer) -> Bool {
        for byte in bytes where !self.accept(byte) { return false }
        return true
    }

    private mutating func accept(_ byte: UInt8) -> Bool {
        if self.missing == 0 {
            switch byte {
            case 0x00...0x7F: return true
            case 0xC2...0xDF: self.expect(1)
            case 0xE0: self.expect(2, from: 0xA0)
            case 0xED: self.expect(2, to: 0x9F)
            case 0xE1...0xEF: self.expect(2)
            case 0xF0: self.expect(3, from: 0x90)
            case 0xF1...0xF3: self.expect(3)
            case 0xF4: self.expect(3, to: 0x8F)
            default: return false
            }
            return true
        }
        guard byte >= self.lowest, byte <= self.highest else { return false }
        self.expect(self.missing - 1)
        return true
    }

    private mutating func expect(_ count: Int, from lowest: UInt8 = 0x80, to highest: UInt8 = 0xBF) {
        self.missing = count
        self.lowest = lowest
        self.highest = highest
    }
}
