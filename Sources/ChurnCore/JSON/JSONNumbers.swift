/// Numbers as JSON, written into a buffer of the caller.
@usableFromInline
package enum JSONNumbers {
    /// The most bytes that a number takes.
    package static let longest = 32

    /// Writes a number, or null for what is none; returns how many bytes it took.
    @inlinable
    package static func write(_ value: Double?, into room: UnsafeMutableBufferPointer<UInt8>) -> Int {
        guard let value, value.isFinite else { return self.copy("null", into: room) }
        // Whole numbers and amounts of money: no text is shorter, and finding the shortest of any number takes several
        // times as long.
        guard value.magnitude < 1e10 else {
            return Int64(exactly: value).map { self.write($0, into: room) } ?? self.copy(value.description, into: room)
        }
        let cents = Int64(value * 100 + (value < 0 ? -0.5 : 0.5))
        guard Double(cents) / 100 == value else { return self.copy(value.description, into: room) }
        let (whole, rest) = cents.magnitude.quotientAndRemainder(dividingBy: 100)
        var end = self.write(whole, isNegative: value < 0, into: room)
        guard rest > 0 else { return end }
        room[end] = UInt8(ascii: ".")
        (room[end + 1], room[end + 2]) = self.digits(of: rest)
        end += rest % 10 == 0 ? 2 : 3
        return end
    }

    /// Writes an amount of money rounded to its two decimals, or null for what is none; returns how many bytes it took.
    @inlinable
    package static func write(money value: Double?, into room: UnsafeMutableBufferPointer<UInt8>) -> Int {
        guard let value, value.magnitude < 1e15 else { return self.write(value, into: room) }
        let (whole, rest) = UInt64((value.magnitude * 100).rounded()).quotientAndRemainder(dividingBy: 100)
        let end = self.write(whole, isNegative: value < 0 && (whole > 0 || rest > 0), into: room)
        room[end] = UInt8(ascii: ".")
        (room[end + 1], room[end + 2]) = self.digits(of: rest)
        return end + 3
    }

    /// Writes a whole number; returns how many bytes it took.
    @inlinable
    package static func write(_ number: Int64, into room: UnsafeMutableBufferPointer<UInt8>) -> Int {
        self.write(number.magnitude, isNegative: number < 0, into: room)
    }

    @inlinable
    static func write(
        _ magnitude: UInt64, isNegative: Bool, into room: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        var (end, bound) = (1, UInt64(10))
        while end < 20, magnitude >= bound {
            bound &*= 10
            end += 1
        }
        if isNegative {
            room[0] = UInt8(ascii: "-")
            end += 1
        }
        var (rest, place) = (magnitude, end)
        while rest >= 100 {
            place -= 2
            (room[place], room[place + 1]) = self.digits(of: rest % 100)
            rest /= 100
        }
        let last = self.digits(of: rest)
        room[place - 1] = last.1
        if rest >= 10 { room[place - 2] = last.0 }
        return end
    }

    /// The two digits of a number below a hundred.
    @inlinable @inline(__always)
    static func digits(of number: UInt64) -> (UInt8, UInt8) {
        let number = UInt8(truncatingIfNeeded: number)
        return (UInt8(ascii: "0") + number / 10, UInt8(ascii: "0") + number % 10)
    }

    /// Copies a short text as it is; returns how many bytes it took.
    @inlinable
    package static func copy(_ text: String, into room: UnsafeMutableBufferPointer<UInt8>) -> Int {
        var text = text
        return text.withUTF8 { utf8 in
            for index in utf8.indices { room[index] = utf8[index] }
            return utf8.count
        }
    }
}

extension Timestamp {
    /// Writes the time as JSON into room for ``longestISO8601`` bytes and two; returns how many it took.
    package func writeJSON(into room: UnsafeMutableBufferPointer<UInt8>) -> Int {
        room[0] = UInt8(ascii: "\"")
        let count = self.writeISO8601(to: UnsafeMutableBufferPointer(rebasing: room[1...]))
        room[count + 1] = UInt8(ascii: "\"")
        return count + 2
    }
}
