import ChurnCore

/// Numbers as JSON, written into room that somebody else has.
enum JSONNumbers {
    /// The most bytes that a number takes.
    static let longest = 32

    /// Writes a number, or null for what is none; returns how many bytes it took.
    static func write(_ value: Double?, into room: UnsafeMutableBufferPointer<UInt8>) -> Int {
        guard let value, value.isFinite else { return self.copy("null", into: room) }
        if let whole = Int64(exactly: value) { return self.write(whole, into: room) }
        // Amounts of money: no text is shorter, and finding the shortest of any number takes several times as long.
        let cents = (value * 100).rounded()
        guard cents.magnitude < 1e12, cents / 100 == value else { return self.copy(value.description, into: room) }
        var end = 0
        if value < 0 {
            room[0] = UInt8(ascii: "-")
            end = 1
        }
        let (whole, rest) = Int64(cents.magnitude).quotientAndRemainder(dividingBy: 100)
        end += self.write(whole, into: UnsafeMutableBufferPointer(rebasing: room[end...]))
        room[end] = UInt8(ascii: ".")
        room[end + 1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / 10)
        room[end + 2] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        return rest % 10 == 0 ? end + 2 : end + 3
    }

    /// Writes a whole number; returns how many bytes it took.
    static func write(_ number: Int64, into room: UnsafeMutableBufferPointer<UInt8>) -> Int {
        var (rest, end) = (number.magnitude, number < 0 ? 2 : 1)
        while rest >= 10 {
            rest /= 10
            end += 1
        }
        rest = number.magnitude
        var place = end
        repeat {
            place -= 1
            room[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        if number < 0 { room[0] = UInt8(ascii: "-") }
        return end
    }

    /// Copies a short text as it is; returns how many bytes it took.
    static func copy(_ text: String, into room: UnsafeMutableBufferPointer<UInt8>) -> Int {
        var text = text
        return text.withUTF8 { utf8 in
            for index in utf8.indices { room[index] = utf8[index] }
            return utf8.count
        }
    }
}

extension Timestamp {
    /// Writes the time as JSON into room for ``longestISO8601`` bytes and two; returns how many it took.
    func writeJSON(into room: UnsafeMutableBufferPointer<UInt8>) -> Int {
        room[0] = UInt8(ascii: "\"")
        let count = self.writeISO8601(to: UnsafeMutableBufferPointer(rebasing: room[1...]))
        room[count + 1] = UInt8(ascii: "\"")
        return count + 2
    }
}
