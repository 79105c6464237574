import ChurnCore

/// Looks for columns that were made from the label: what a model must not see, since no one knows it in time.
package struct LeakCheck {
    /// The finding about a column.
    package enum Finding: Equatable {
        /// Left out.
        case leak(String)
        /// Kept, and said.
        case strong(String)
    }

    private static let fewestRows = 50
    private static let fewestOfAClass = 10

    private let labels: [Bool]
    private let marks: NumberMarks
    private let positives: Int

    /// Creates a check against these labels.
    package init(labels: [Bool], marks: NumberMarks) {
        self.labels = labels
        self.marks = marks
        self.positives = labels.count { $0 }
    }

    private var canJudge: Bool {
        self.labels.count >= Self.fewestRows
            && min(self.positives, self.labels.count - self.positives) >= Self.fewestOfAClass
    }

    /// Judges one column's texts, one for each label.
    package func finding(_ texts: [String], name: String, labelName: String, isNumeric: Bool) -> Finding? {
        let smells = EndingWords.are(in: name)
        guard self.canJudge else { return smells ? .strong(Self.smell) : nil }
        let counts = self.counts(texts)
        if let purity = self.purity(counts), purity >= 0.99 {
            return .leak(
                "predicts the label in \(Self.percent(purity)) of the rows: is it known before a customer leaves?")
        }
        if self.isOfLeavers(texts) {
            return .leak("only customers who left have a value: is it known before a customer leaves?")
        }
        if !isNumeric, let kind = self.ending(counts) { return kind }
        if let (share, rows) = self.rareValues(counts) {
            return .leak(
                """
                \(Self.percent(share)) of the \(rows) customers with another value than the usual one left: is it \
                known before a customer leaves?
                """)
        }
        guard let strength = self.strength(texts, isNumeric: isNumeric) else {
            return smells ? .strong(Self.smell) : nil
        }
        let rounded = Double(Int(strength * 1_000)) / 1_000
        let namesLabel = smells || !Set(ColumnWords(name).words).isDisjoint(with: ColumnWords(labelName).words)
        if strength >= 0.98 || (namesLabel && strength >= 0.8) {
            return .leak("alone it predicts who left (AUC \(rounded)): is it known before a customer leaves?")
        }
        if strength >= 0.9 { return .strong("strong alone (AUC \(rounded)): check that it is known in time") }
        return smells ? .strong("\(Self.smell) (AUC alone \(rounded))") : nil
    }

    private static let smell =
        "its name sounds like what happens when a customer leaves: check that it is known in time"

    private func strength(_ texts: [String], isNumeric: Bool) -> Double? {
        if isNumeric {
            return ColumnStrength.ofNumbers(texts.map { CSVField.number($0, marks: self.marks) }, self.labels)
        }
        return ColumnStrength.grouping(texts.map(Self.key), self.labels)
    }

    private static func key(_ text: String) -> String { CSVField.isMissing(text) ? "" : text }

    /// The customers with each value, by whether they left.
    private typealias Counts = [String: (stayed: Int, left: Int)]

    private func counts(_ texts: [String]) -> Counts {
        var counts: Counts = [:]
        for (text, label) in zip(texts, self.labels) {
            let key = Self.key(text)
            if label { counts[key, default: (0, 0)].left += 1 } else { counts[key, default: (0, 0)].stayed += 1 }
        }
        return counts
    }

    /// The share of rows whose label the value predicts, where values repeat and predict better than guessing would.
    private func purity(_ counts: Counts) -> Double? {
        let rows = Double(self.labels.count)
        guard counts.count > 1, counts.count * 20 <= self.labels.count else { return nil }
        let purity = Double(counts.values.reduce(0) { $0 + max($1.stayed, $1.left) }) / rows
        let guessing = Double(max(self.positives, self.labels.count - self.positives)) / rows
        return purity >= guessing + (1 - guessing) / 2 ? purity : nil
    }

    /// Judges kinds whose name smells of the end, such as the status "Closing".
    private func ending(_ counts: Counts) -> Finding? {
        let base = Double(self.positives) / Double(self.labels.count)
        var finding: Finding?
        for (value, count) in counts where !value.isEmpty && EndingWords.are(in: value) {
            let rows = count.stayed + count.left
            let share = Double(count.left) / Double(rows)
            guard rows >= Self.fewestOfAClass, share >= base * 1.5 else { continue }
            if share >= 0.8 {
                return .leak(
                    """
                    it has a value that sounds like the end, and \(Self.percent(share)) of the \(rows) customers with \
                    it left: is it known before a customer leaves?
                    """)
            }
            finding = .strong("it has a value that sounds like the end: check that it is known in time")
        }
        return finding
    }

    /// The share of leavers among the rows that do not have the most frequent value, and their number, where nearly all
    /// of them left, such as a fee that is 0 as long as a customer stays.
    private func rareValues(_ counts: Counts) -> (share: Double, rows: Int)? {
        guard let usual = counts.max(by: { $0.value.stayed + $0.value.left < $1.value.stayed + $1.value.left }) else {
            return nil
        }
        let rows = self.labels.count - usual.value.stayed - usual.value.left
        let left = self.positives - usual.value.left
        guard rows >= 2 * Self.fewestOfAClass, self.positives * 2 <= self.labels.count, left * 100 >= rows * 95 else {
            return nil
        }
        return (Double(left) / Double(rows), rows)
    }

    /// Returns whether a value is there where customers left and hardly anywhere else, such as a reason or an exit fee.
    private func isOfLeavers(_ texts: [String]) -> Bool {
        var present = 0
        var left = 0
        for (text, label) in zip(texts, self.labels) where !CSVField.isMissing(text) {
            present += 1
            left += label ? 1 : 0
        }
        // Where nearly all left, or nearly all have a value, that says nothing.
        return present >= 2 * Self.fewestOfAClass && present < self.labels.count
            && self.positives * 2 <= self.labels.count
            && left * 100 >= present * 98
    }

    private static func percent(_ share: Double) -> String {
        share == 1 ? "all" : "\(Double(Int(share * 1_000)) / 10) %"
    }
}
