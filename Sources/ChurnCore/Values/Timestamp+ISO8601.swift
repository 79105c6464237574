extension Timestamp {
    /// Reads ISO 8601 text: a date, `T` or a space, a time with optional seconds and fraction, and an optional offset
    /// (`Z`, `+01:00`, `+0100`, `+01`).
    ///
    /// Text without an offset is UTC. Nil where it is anything else.
    public init?(iso8601 text: String) {
        var digits = ISO8601Reader(Array(text.utf8))
        guard let year = digits.number(4), digits.skip("-"), let month = digits.number(2), digits.skip("-"),
            let day = digits.number(2), (1...9999).contains(year), (1...12).contains(month),
            (1...Self.days(in: month, of: year)).contains(day)
        else { return nil }
        var microseconds = Self.daysSinceEpoch(year: year, month: month, day: day) * 86_400_000_000
        if !digits.isAtEnd {
            guard digits.skip("T") || digits.skip("t") || digits.skip(" "), let hour = digits.number(2), hour < 24,
                digits.skip(":"), let minute = digits.number(2), minute < 60
            else { return nil }
            microseconds += Int64(hour * 3600 + minute * 60) * 1_000_000
            if digits.skip(":") {
                guard let second = digits.number(2), second <= 60 else { return nil }
                microseconds += Int64(second) * 1_000_000
                if digits.skip(".") || digits.skip(",") {
                    guard let fraction = digits.fraction() else { return nil }
                    microseconds += fraction
                }
            }
            guard let offset = digits.offset() else { return nil }
            microseconds -= Int64(offset) * 60_000_000
        }
        guard digits.isAtEnd, let inRange = Timestamp(seconds: Double(microseconds) / 1_000_000) else { return nil }
        _ = inRange
        self.init(microseconds: microseconds)
    }

    /// The time as ISO 8601 text in UTC with microseconds, such as `2026-01-31T12:00:00.250000Z`.
    public var iso8601: String {
        String(unsafeUninitializedCapacity: Self.longestISO8601) { self.writeISO8601(to: $0) }
    }

    /// No time's text is longer, in bytes: a minus and six digits of a year, and 23 for the rest.
    package static let longestISO8601 = 32

    /// Writes the text of ``iso8601`` to the beginning of `room`, which has ``longestISO8601`` bytes; returns its length.
    package func writeISO8601(to room: UnsafeMutableBufferPointer<UInt8>) -> Int {
        let day = self.microseconds.floorDivided(by: 86_400_000_000)
        // The first day begins before the earliest time there is.
        let rest = self.microseconds &- day &* 86_400_000_000
        let (year, month, dayOfMonth) = Self.date(daysSinceEpoch: day)
        var end = 0
        func put(_ byte: UInt8) {
            room[end] = byte
            end += 1
        }
        func put(_ number: Int64, _ width: Int, then separator: Unicode.Scalar) {
            var number = UInt32(truncatingIfNeeded: number)
            var place = end + width
            while place > end {
                place -= 1
                room[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10)
                number /= 10
            }
            end += width
            put(UInt8(ascii: separator))
        }
        // Years of four digits are all that ever come; others keep as many as they have.
        if !(0...9999).contains(year) {
            if year < 0 { put(UInt8(ascii: "-")) }
            put(Int64(year.magnitude), max(4, String(year.magnitude).utf8.count), then: "-")
        } else {
            put(year, 4, then: "-")
        }
        put(month, 2, then: "-")
        put(dayOfMonth, 2, then: "T")
        let seconds = rest / 1_000_000
        put(seconds / 3600, 2, then: ":")
        put(seconds / 60 % 60, 2, then: ":")
        put(seconds % 60, 2, then: ".")
        put(rest % 1_000_000, 6, then: "Z")
        return end
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1970-01-01 in the proleptic Gregorian calendar (Howard Hinnant, "chrono-Compatible Low-Level Date
    /// Algorithms", days_from_civil).
    private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468)
    }

    /// The inverse (civil_from_days).
    private static func date(daysSinceEpoch: Int64) -> (Int64, Int64, Int64) {
        let days = daysSinceEpoch + 719_468
        let era = days.floorDivided(by: 146_097)
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

extension Int64 {
    fileprivate func floorDivided(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}

/// Reads fixed-width numbers and separators.
private struct ISO8601Reader {
    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { self.index == self.bytes.count }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard !self.isAtEnd, self.bytes[self.index] == UInt8(ascii: character) else { return false }
        self.index += 1
        return true
    }

    private mutating func digit() -> Int? {
        guard !self.isAtEnd, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self.bytes[self.index]) else {
            return nil
        }
        self.index += 1
        return Int(self.bytes[self.index - 1] - UInt8(ascii: "0"))
    }

    mutating func number(_ width: Int) -> Int? {
        var number = 0
        for _ in 0..<width {
            guard let digit = self.digit() else { return nil }
            number = number * 10 + digit
        }
        return number
    }

    /// A fraction of a second in microseconds; further digits are cut off.
    mutating func fraction() -> Int64? {
        guard let first = self.digit() else { return nil }
        var microseconds = Int64(first) * 100_000
        var unit: Int64 = 10_000
        while let digit = self.digit() {
            microseconds += Int64(digit) * unit
            unit /= 10
        }
        return microseconds
    }

    /// Minutes east of UTC; 0 where no offset is given.
    mutating func offset() -> Int? {
        if self.isAtEnd || self.skip("Z") || self.skip("z") { return 0 }
        let sign = self.skip("+") ? 1 : self.skip("-") ? -1 : 0
        guard sign != 0, let hours = self.number(2), hours < 24 else { return nil }
        if self.isAtEnd { return sign * hours * 60 }
        _ = self.skip(":")
        guard let minutes = self.number(2), minutes < 60 else { return nil }
        return sign * (hours * 60 + minutes)
    }
}
