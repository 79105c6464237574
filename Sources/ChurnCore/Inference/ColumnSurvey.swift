/// What one column of a file holds, gathered row by row.
struct ColumnSurvey {
    /// How many different texts are kept with their counts.
    static let mostValues = 2_000

    /// The column's name in the file.
    let name: String
    private(set) var rows = 0
    private(set) var missing = 0
    private(set) var numbers = 0
    private(set) var wholeNumbers = 0
    private(set) var flags = 0
    private(set) var dates = 0
    /// Texts of digits that begin with a zero, such as 007: a code, not a number.
    private(set) var codes = 0
    private(set) var minimum = Double.infinity
    private(set) var maximum = -Double.infinity
    private(set) var sum = 0.0
    /// Lines whose value is no number.
    private(set) var linesWithoutNumber = CustomerFileNotes.Lines()
    /// How often each text occurs; no longer complete once there are more than ``mostValues``.
    private(set) var values: [String: Int] = [:]
    private(set) var hasAllValues = true
    private var digests: Set<Int> = []
    private var previous: Double?
    /// Whether every number is one more than the one before.
    private(set) var isRunning = true

    init(name: String) { self.name = name }

    /// How many rows have a value.
    var present: Int { self.rows - self.missing }
    /// How many different values there are.
    var distinct: Int { self.digests.count }
    var mean: Double { self.numbers == 0 ? 0 : self.sum / Double(self.numbers) }

    mutating func take(_ text: String, line: Int, marks: NumberMarks) {
        self.rows += 1
        guard !CSVField.isMissing(text) else {
            self.missing += 1
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
            self.linesWithoutNumber.add(line)
            self.isRunning = false
            if Self.isDate(text) { self.dates += 1 }
            return
        }
        self.numbers += 1
        if text.utf8.count > 1, text.utf8.first == UInt8(ascii: "0"),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        {
            self.codes += 1
        }
        if number == number.rounded() { self.wholeNumbers += 1 }
        if let previous, number != previous + 1 { self.isRunning = false }
        self.previous = number
        self.minimum = min(self.minimum, number)
        self.maximum = max(self.maximum, number)
        self.sum += number
    }

    /// Whether a text looks like 2026-01-31, 31.01.2026 or 1/31/26, perhaps with a time.
    private static func isDate(_ text: String) -> Bool {
        let parts = text.prefix { $0 != " " && $0 != "T" }.split { "-/.".contains($0) }
        return parts.count == 3 && parts.allSatisfy { (1...4).contains($0.count) && $0.allSatisfy(\.isWholeNumber) }
    }
}
