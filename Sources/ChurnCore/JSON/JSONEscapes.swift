/// JSON's escapes of characters that cannot stand in a text as they are.
@usableFromInline
package enum JSONEscapes {
    /// The most bytes that one byte becomes.
    package static let longest = 6

    /// Puts a text in quotes into room for ``longest`` times its length and two; returns how many bytes it took.
    @inlinable @inline(__always)
    package static func quote(_ text: UnsafeBufferPointer<UInt8>, into room: UnsafeMutableBufferPointer<UInt8>) -> Int {
        room[0] = UInt8(ascii: "\"")
        // Nearly every text is plain: it is copied whole, eight bytes at a time, and looked at in passing.
        let source = UnsafeRawBufferPointer(text)
        let target = UnsafeMutableRawBufferPointer(room)
        var special: UInt64 = 0
        var index = 0
        while index + 8 <= text.count {
            let word = source.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            target.storeBytes(of: word, toByteOffset: index + 1, as: UInt64.self)
            special |= Self.specialBytes(of: word)
            index += 8
        }
        while index < text.count {
            let byte = text[index]
            room[index + 1] = byte
            special |= Self.isSpecial(byte) ? 1 : 0
            index += 1
        }
        let end = special == 0 ? text.count + 1 : Self.escape(text, into: room)
        room[end] = UInt8(ascii: "\"")
        return end + 1
    }

    /// Not zero where one of eight bytes is special; which one it is can be seen of the lowest only.
    @inlinable @inline(__always)
    static func specialBytes(of word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let (quote, backslash) = (word ^ ones &* 0x22, word ^ ones &* 0x5C)
        let found = ((word &- ones &* 0x20) & ~word) | ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)
        return found & (ones &* 0x80)
    }

    @inlinable @inline(__always)
    static func isSpecial(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    /// Writes the text behind the first quote; returns where its end is.
    @inlinable
    static func escape(
        _ text: UnsafeBufferPointer<UInt8>, into room: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        var end = 1
        func put(_ byte: UInt8) {
            room[end] = byte
            end += 1
        }
        for byte in text {
            guard Self.isSpecial(byte) else {
                put(byte)
                continue
            }
            put(UInt8(ascii: "\\"))
            switch byte {
            case UInt8(ascii: "\n"): put(UInt8(ascii: "n"))
            case UInt8(ascii: "\r"): put(UInt8(ascii: "r"))
            case UInt8(ascii: "\t"): put(UInt8(ascii: "t"))
            case ..<0x20:
                for digit in "u00".utf8 { put(digit) }
                put(UInt8(ascii: "0") + (byte >> 4))
                put((byte & 15 < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10) + (byte & 15))
            default: put(byte)
            }
        }
        return end
    }
}
