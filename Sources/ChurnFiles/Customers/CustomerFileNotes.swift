import ChurnCore

/// Notes for a person about a customer file that was read: which rows were repeated or not complete.
public struct CustomerFileNotes: Hashable, Sendable {
    /// The lines of which one thing is to be said.
    public struct Lines: Hashable, Sendable {
        private static let mostNamed = 20

        /// The number of rows.
        public private(set) var count = 0
        /// The first of them.
        public private(set) var first: [Int] = []

        mutating func add(_ line: Int) {
            self.count += 1
            if self.first.count < Self.mostNamed { self.first.append(line) }
        }

        /// Such as `lines 3, 5 and 7`; where they are many, the first of them.
        public var text: String {
            let names = self.first.map(String.init).joined(separator: ", ")
            let more = self.count - self.first.count
            return "\(self.count == 1 ? "line" : "lines") \(names)\(more > 0 ? " and \(more) more" : "")"
        }
    }

    /// Creates notes of nothing.
    public init() {}

    /// Rows that say the same of a customer as an earlier one.
    public internal(set) var repeated = Lines()
    /// Rows of a customer of whom another row counts.
    public internal(set) var replaced = Lines()
    /// Rows with fewer fields than there are columns.
    public internal(set) var short = Lines()
    /// Rows without an id.
    public internal(set) var withoutID = Lines()
    /// Rows without a label, where one is needed.
    public internal(set) var withoutLabel = Lines()
    /// Rows with a number that is too large for a model, where they are left out.
    public internal(set) var tooLarge = Lines()
    /// Rows of a file without ids that are equal to an earlier one.
    public internal(set) var equal = Lines()
    /// The first line that was read as Windows-1252, since it is not UTF-8.
    public internal(set) var firstWindowsLine: Int?
    /// Rows with a category that the domain does not list, by the feature's name.
    public internal(set) var unlisted: [String: Lines] = [:]
    /// A sentence about ids that may have lost digits.
    public internal(set) var idDoubt: String?
    /// Rows in which a value of a feature is missing.
    public internal(set) var withMissingValues = Lines()

    /// One sentence for each thing that is to be said.
    public func sentences(policy: CustomerFilePolicy) -> [String] {
        var sentences: [String] = []
        func say(_ lines: Lines, _ one: String, _ many: String) {
            if lines.count > 0 {
                sentences.append("\(lines.count) \(lines.count == 1 ? "row \(one)" : "rows \(many)") (\(lines.text))")
            }
        }
        let isKept = policy.incomplete == .keep
        say(
            self.repeated, "says the same of a customer as an earlier one and was read once",
            "say the same of a customer as an earlier one and were read once")
        say(
            self.replaced, "was passed over: another row of the customer counts",
            "were passed over: another row of the customer counts")
        say(
            self.short, "has fewer fields than the header; \(isKept ? "the others are missing values" : "left out")",
            "have fewer fields than the header; \(isKept ? "the others are missing values" : "left out")")
        say(self.withoutID, "has no id; left out", "have no id; left out")
        say(self.withoutLabel, "has no label; left out", "have no label; left out")
        say(
            self.tooLarge, "has a number that is too large for a model; left out",
            "have a number that is too large for a model; left out")
        say(
            self.equal, "is equal to an earlier one; without ids it is another customer",
            "are equal to earlier ones; without ids they are other customers, and a model may meet them in training and "
                + "in testing")
        say(
            self.withMissingValues, "has missing values; kept as missing", "have missing values; kept as missing")
        for (feature, lines) in self.unlisted.sorted(by: { $0.key < $1.key }) {
            say(
                lines,
                "has a category of '\(feature)' that the domain does not list; it counts as none of those that it lists",
                "have a category of '\(feature)' that the domain does not list; it counts as none of those that it lists"
            )
        }
        if let doubt = self.idDoubt { sentences.append(doubt) }
        if let line = self.firstWindowsLine {
            sentences.append(
                "the file is not UTF-8 (line \(line)); it was read as Windows-1252: name its encoding if it is another")
        }
        return sentences
    }
}
