import ChurnCore

/// Looks for columns that were made from the label: what a model must not see, since no one knows it in time.
struct LeakCheck {
    /// The finding about a column.
    enum Finding: Equatable {
        case leak(String)
        case strong(String)
    }

    private static let fewestRows = 50
    private static let fewestOfAClass = 10

    let labels: [Bool]
    let marks: NumberMarks
    private let positives: Int

    init(labels: [Bool], marks: NumberMarks) {
        self.labels = labels
        self.marks = marks
        self.positives = labels.count { $0 }
    }

    private var canJudge: Bool {
        self.labels.count >= Self.fewestRows
            && min(self.positives, self.labels.count - self.positives) >= Self.fewestOfAClass
    }

    /// Judges one column's texts, one for each label.
    func finding(_ texts: [String], name: String, labelName: String, isNumeric: Bool) -> Finding? {
        guard self.canJudge else { return nil }
        if let purity = self.purity(texts), purity >= 0.99 {
            return .leak(
                "predicts the label in \(Self.percent(purity)) of the rows: is it known before a customer leaves?")
        }
        if self.isOfLeavers(texts) {
            return .leak("only customers who left have a value: is it known before a customer leaves?")
        }
        guard isNumeric, let auc = self.auc(texts) else { return nil }
        let strength = max(auc, 1 - auc)
        let rounded = Double(Int(strength * 1_000)) / 1_000
        let words = ColumnWords(name)
        let namesLabel =
            words.begins(["churn", "attrit"]) || !Set(words.words).isDisjoint(with: ColumnWords(labelName).words)
        if strength >= 0.98 || (namesLabel && strength >= 0.8) {
            return .leak("alone it predicts who left (AUC \(rounded)): is it known before a customer leaves?")
        }
        return strength >= 0.9 ? .strong("strong alone (AUC \(rounded)): check that it is known in time") : nil
    }

    /// The share of rows whose label the value predicts, where values repeat and predict better than guessing would.
    private func purity(_ texts: [String]) -> Double? {
        var counts: [String: (stayed: Int, left: Int)] = [:]
        for (text, label) in zip(texts, self.labels) {
            let key = CSVField.isMissing(text) ? "" : text
            if label { counts[key, default: (0, 0)].left += 1 } else { counts[key, default: (0, 0)].stayed += 1 }
        }
        let rows = Double(self.labels.count)
        guard counts.count > 1, counts.count * 20 <= self.labels.count else { return nil }
        let purity = Double(counts.values.reduce(0) { $0 + max($1.stayed, $1.left) }) / rows
        let guessing = Double(max(self.positives, self.labels.count - self.positives)) / rows
        return purity >= guessing + (1 - guessing) / 2 ? purity : nil
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

    /// The share of pairs of a customer who left and one who stayed in which the number is larger for the first.
    private func auc(_ texts: [String]) -> Double? {
        var rows: [(number: Double, left: Bool)] = []
        for (text, label) in zip(texts, self.labels) {
            if let number = CSVField.number(text, marks: self.marks) {
                rows.append((number, label))
            }
        }
        let left = rows.count { $0.left }
        guard left >= Self.fewestOfAClass, rows.count - left >= Self.fewestOfAClass else { return nil }
        rows.sort { $0.number < $1.number }
        var ranks = 0.0
        var start = 0
        while start < rows.count {
            var end = start
            while end < rows.count, rows[end].number == rows[start].number { end += 1 }
            let rank = Double(start + end + 1) / 2
            ranks += rank * Double(rows[start..<end].count { $0.left })
            start = end
        }
        let (n, m) = (Double(left), Double(rows.count - left))
        return (ranks - n * (n + 1) / 2) / (n * m)
    }

    private static func percent(_ share: Double) -> String {
        share == 1 ? "all" : "\(Double(Int(share * 1_000)) / 10) %"
    }
}
