import ChurnCore

/// The profile of one column of a file, gathered row by row.
struct ColumnProfile {
    /// The number of different texts that are kept with their counts.
    static let mostValues = 2_000

    /// The column's name in the file.
    let name: String
    private(set) var rows = 0
    private(set) var missing = 0
    private(set) var numbers = 0
    private(set) var wholeNumbers = 0
    /// Texts that are numbers but for marks that may mean two things, such as 12,5 between commas.
    private(set) var ambiguous = 0
    /// Texts such as `?` that stand for a missing number, or yes or no.
    private(set) var placeholders = 0
    private(set) var flags = 0
    private(set) var dates = 0
    /// Texts of digits that begin with a zero, such as 007: a code, not a number.
    private(set) var codes = 0
    private(set) var lowest = Extreme()
    private(set) var highest = Extreme(isHighest: true)
    private(set) var sum = 0.0
    /// Lines whose value is no number.
    private(set) var linesWithoutNumber = CustomerFileNotes.Lines()
    /// The count of each text; no longer complete once there are more than ``mostValues``.
    private(set) var values: [String: Int] = [:]
    private(set) var hasAllValues = true
    private var digests: Set<Int> = []
    private var said = Hasher()
    private var previous: Double?
    /// Whether every number is one more than the one before.
    private(set) var isRunning = true

    init(name: String) { self.name = name }

    /// The lowest or the highest number, how often it occurs, and the one next to it.
    struct Extreme {
        private let isHighest: Bool
        private(set) var value: Double
        private(set) var count = 0
        private(set) var next: Double

        init(isHighest: Bool = false) {
            self.isHighest = isHighest
            self.value = isHighest ? -.infinity : .infinity
            self.next = self.value
        }

        mutating func take(_ number: Double) {
            func isBeyond(_ other: Double) -> Bool { self.isHighest ? number > other : number < other }
            if number == self.value {
                self.count += 1
            } else if isBeyond(self.value) {
                (self.next, self.value, self.count) = (self.value, number, 1)
            } else if isBeyond(self.next) {
                self.next = number
            }
        }
    }

    /// The number of rows that have a value.
    var present: Int { self.rows - self.missing }
    /// The number of different values.
    var distinct: Int { self.digests.count }
    /// Stands for the values of all rows in their order: two columns that say the same have the same.
    var digest: Int { self.said.finalize() }
    var minimum: Double { self.lowest.value }
    var maximum: Double { self.highest.value }
    var mean: Double { self.numbers == 0 ? 0 : self.sum / Double(self.numbers) }

    mutating func take(_ text: String, line: Int, marks: NumberMarks) {
        self.rows += 1
        guard !CSVField.isMissing(text) else {
            self.missing += 1
            self.said.combine("")
            return
        }
        self.digests.insert(text.hashValue)
        if self.values[text] != nil || self.values.count < Self.mostValues {
            self.values[text, default: 0] += 1
        } else {
            self.hasAllValues = false
        }
        if CSVField.flag(text) != nil { self.flags += 1 }
        guard let number = CSVField.number(text, marks: marks) else {
            self.said.combine(text)
            self.isRunning = false
            if CSVField.isPlaceholder(text) {
                self.placeholders += 1
                return
            }
            self.linesWithoutNumber.add(line)
            if Self.isDate(text) { self.dates += 1 }
            if NumberLiteral(text) != nil { self.ambiguous += 1 }
            return
        }
        self.numbers += 1
        self.said.combine(number)
        if text.utf8.count > 1, text.utf8.first == UInt8(ascii: "0"),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        {
            self.codes += 1
        }
        if number == number.rounded() { self.wholeNumbers += 1 }
        if let previous, number != previous + 1 { self.isRunning = false }
        self.previous = number
        self.lowest.take(number)
        self.highest.take(number)
        self.sum += number
    }

    /// Returns whether a text looks like 2026-01-31, 31.01.2026 or 1/31/26, perhaps with a time.
    private static func isDate(_ text: String) -> Bool {
        let parts = text.prefix { $0 != " " && $0 != "T" }.split { "-/.".contains($0) }
        return parts.count == 3 && parts.allSatisfy { (1...4).contains($0.count) && $0.allSatisfy(\.isWholeNumber) }
    }
}
