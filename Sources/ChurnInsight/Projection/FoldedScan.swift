/// Looks for a lower-case text among many bytes, whatever the case of their ASCII letters.
struct FoldedScan {
    /// The number of bytes that are compared at once.
    private static let width = 8
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    private let key: [UInt8]
    /// The first byte and the last, in each byte of a word.
    private let first: UInt64
    private let last: UInt64

    /// - Parameter key: not empty.
    init(_ key: [UInt8]) {
        self.key = key
        self.first = Self.ones &* UInt64(key.first ?? 0)
        self.last = Self.ones &* UInt64(key.last ?? 0)
    }

    /// Returns whether a lower-case text contains another, byte by byte.
    static func contains(_ text: [UInt8], _ key: [UInt8]) -> Bool {
        guard let first = key.first else { return true }
        guard key.count <= text.count else { return false }
        return (0...(text.count - key.count)).contains { start in
            text[start] == first && text[start..<(start + key.count)].elementsEqual(key)
        }
    }

    /// The first place at or behind `start` where the text stands; nil where there is none.
    ///
    /// The text's first and last bytes are looked for in many places at once, and the rest only where both stand.
    func firstOffset(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        let (length, width) = (self.key.count, Self.width)
        var place = start
        while place &+ width &+ length &- 1 <= bytes.count {
            let differences =
                (Self.word(bytes, at: place) ^ self.first)
                | (Self.word(bytes, at: place &+ length &- 1) ^ self.last)
            // The high bit of each byte that is zero; of some behind such a one too, which is looked at for nothing.
            var hits = (differences &- Self.ones) & ~differences & Self.highBits
            while hits != 0 {
                let found = place &+ hits.trailingZeroBitCount / 8
                if self.stands(in: bytes, at: found) { return found }
                hits &= hits &- 1
            }
            place &+= width
        }
        while place + length <= bytes.count {
            if self.stands(in: bytes, at: place) { return place }
            place += 1
        }
        return nil
    }

    /// Eight bytes with the upper-case letters among them in lower case, the first in the lowest bits.
    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, at place: Int) -> UInt64 {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        let low = word & ~self.highBits
        let isUpperCase = (low &+ self.ones &* 0x3F) & ~(low &+ self.ones &* 0x25) & ~word & self.highBits
        return word | isUpperCase >> 2
    }

    private func stands(in bytes: UnsafeRawBufferPointer, at place: Int) -> Bool {
        var index = 0
        while index < self.key.count {
            let byte = bytes[place &+ index]
            guard (byte &- 0x41 < 26 ? byte | 0x20 : byte) == self.key[index] else { return false }
            index &+= 1
        }
        return true
    }
}
