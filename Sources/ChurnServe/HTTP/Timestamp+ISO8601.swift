import ChurnCore

extension Timestamp {
    /// The time as ISO 8601 text in UTC, e.g. `2026-11-22T18:04:03.250000Z`.
    var iso8601: String {
        let (days, time) = self.microseconds.quotientAndRemainderRoundedDown(by: 86_400_000_000)
        let date = Self.civilDate(daysSinceEpoch: days)
        let seconds = time / 1_000_000
        func padded(_ number: Int64, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return """
            \(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))\
            T\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))\
            .\(padded(time % 1_000_000, 6))Z
            """
    }

    /// The proleptic Gregorian date. Counts in years that begin in March, so that a leap day is a year's last day.
    private static func civilDate(daysSinceEpoch: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, day) = (daysSinceEpoch + 719_468).quotientAndRemainderRoundedDown(by: 146_097)
        let yearOfEra = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
        let dayOfYear = day - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        )
    }
}

extension Int64 {
    fileprivate func quotientAndRemainderRoundedDown(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = self.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
