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
    /// Dates in which either of two numbers may be the day, and those that show the order of the others.
    private(set) var ambiguousDates = 0
    private(set) var orderedDates: Set<DateText.Order> = []
    /// Numbers with a percent sign.
    private(set) var percentages = 0
    /// Lines whose number is larger than a model can read.
    private(set) var linesTooLarge = CustomerFileNotes.Lines()
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
    /// The steps between numbers that follow each other, and those that are like the first.
    private var steps = 0
    private var firstSteps = 0
    /// The first step.
    private(set) var step: Double?

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
    /// Whether every number is one more than the one before.
    var isRunning: Bool { self.step == 1 && self.firstSteps == self.steps && self.numbers == self.present }
    /// Whether numbers rise, or fall, by the same step nearly everywhere.
    var isStepping: Bool {
        guard let step = self.step, step != 0 else { return false }
        return self.firstSteps * 100 >= self.steps * 98 && self.numbers == self.present
    }
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
            if CSVField.isTooLarge(text, marks: marks) {
                self.linesTooLarge.add(line)
                return
            }
            if CSVField.isPlaceholder(text) {
                self.placeholders += 1
                return
            }
            self.linesWithoutNumber.add(line)
            self.takeDate(text)
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
        if text.utf8.last == UInt8(ascii: "%") { self.percentages += 1 }
        self.takeStep(to: number)
        self.lowest.take(number)
        self.highest.take(number)
        self.sum += number
    }

    private mutating func takeStep(to number: Double) {
        defer { self.previous = number }
        guard let previous = self.previous else { return }
        let step = number - previous
        self.steps += 1
        if self.step == nil { self.step = step }
        if step == self.step { self.firstSteps += 1 }
    }

    private mutating func takeDate(_ text: String) {
        guard let order = DateText.order(text) else { return }
        self.dates += 1
        if order == .ambiguous { self.ambiguousDates += 1 } else if order != .clear { self.orderedDates.insert(order) }
    }
}
