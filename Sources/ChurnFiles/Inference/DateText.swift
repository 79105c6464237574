import ChurnCore

/// A date as people and programs write it: 2026-01-31, 31.01.2026, 1/31/26, 05 Jan 2020, Jan 5, 2020, perhaps with a time.
enum DateText {
    /// The order in which the numbers of a date stand, as far as it shows.
    enum Order {
        /// It says itself which number is which.
        case clear
        /// The day comes first, since the first number is larger than 12.
        case dayFirst
        /// The month comes first, since the second number is larger than 12.
        case monthFirst
        /// Either may be the day.
        case ambiguous
    }

    private static let months: Set<String> = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mär", "mai", "okt", "dez",
        "fév", "avr", "juin", "juil", "aoû", "déc", "ene", "abr", "ago", "dic",
    ]
    /// 2000 to 2040, in seconds since 1970.
    private static let epochSeconds = 946_684_800.0...2_208_988_800.0
    private static let dateWords: Set<String> = [
        "date", "time", "timestamp", "at", "since", "on", "epoch", "created", "updated", "joined", "signup", "day",
        "datum", "seit", "fecha", "last", "first", "ts", "start", "end",
    ]

    /// The order of a text's numbers; nil where it is no date.
    static func order(_ text: String) -> Order? {
        guard (6...40).contains(text.utf8.count) else { return nil }
        let words = text.split { " ,T".contains($0) }.map(String.init)
        guard let first = words.first else { return nil }
        let parts = first.split { "-/.".contains($0) }.map(String.init)
        if parts.count == 3, words.dropFirst().allSatisfy(Self.isTime) { return Self.order(of: parts) }
        // Three words, or three parts, of which one is a month's name.
        let named = parts.count == 3 ? parts : Array(words.prefix(3))
        guard named.count == 3, Self.isNamed(named) else { return nil }
        return .clear
    }

    private static func isNamed(_ parts: [String]) -> Bool {
        let numbers = parts.filter { $0.count <= 4 && $0.allSatisfy(\.isWholeNumber) }
        return numbers.count == 2
            && parts.contains {
                Self.months.contains(String($0.lowercased().prefix(3)))
                    || Self.months.contains($0.lowercased().filter(\.isLetter))
            }
    }

    private static func order(of parts: [String]) -> Order? {
        if Self.isNamed(parts) { return .clear }
        guard parts.allSatisfy({ (1...4).contains($0.count) && $0.allSatisfy(\.isWholeNumber) }) else { return nil }
        let numbers = parts.compactMap { Int($0) }
        guard numbers.count == 3 else { return nil }
        if parts[0].count == 4 { return .clear }
        if numbers[0] > 12 { return .dayFirst }
        return numbers[1] > 12 ? .monthFirst : .ambiguous
    }

    private static func isTime(_ word: String) -> Bool {
        word.allSatisfy { $0.isWholeNumber || ":.+-Z".contains($0) }
            || ["am", "pm", "utc", "gmt"].contains(word.lowercased())
    }

    /// Returns what kind of date a column of whole numbers holds, such as seconds since 1970; nil where none.
    static func kind(ofNumbers column: ColumnProfile) -> String? {
        guard column.present >= 20, column.numbers == column.present, column.wholeNumbers == column.present else {
            return nil
        }
        let (low, high) = (column.minimum, column.maximum)
        let saysSo = ColumnWords(column.name).has(self.dateWords)
        let isVaried = column.distinct * 2 >= column.present
        for (unit, scale) in [("seconds", 1.0), ("milliseconds", 1e3), ("microseconds", 1e6)] {
            if self.epochSeconds.contains(low / scale), self.epochSeconds.contains(high / scale), saysSo || isVaried,
                saysSo || unit != "seconds" || column.distinct * 100 >= column.present * 90
            {
                return "\(unit) since 1970"
            }
        }
        guard low >= 19_000_101, high <= 21_001_231, column.distinct > 1 else { return nil }
        let isCalendar = column.hasAllValues || saysSo
        let texts = column.values.keys
        let fit = texts.allSatisfy { text in
            guard let number = Int(text) else { return false }
            return (1...12).contains(number / 100 % 100) && (1...31).contains(number % 100)
        }
        return isCalendar && fit ? "year, month and day in one number" : nil
    }
}
