import ChurnCore

/// How well one column alone tells customers who left from those who stayed.
package enum ColumnStrength {
    private static let fewestOfAClass = 10
    private static let bins = 20

    /// The area under the curve of ranking by these numbers, 0.5 for chance and never below it; nil where there are too
    /// few of a class.
    ///
    /// Rows without a number are left out.
    package static func ranking(_ numbers: [Double?], _ labels: [Bool]) -> Double? {
        var rows: [(number: Double, left: Bool)] = []
        for (number, label) in zip(numbers, labels) { if let number { rows.append((number, label)) } }
        let left = rows.count { $0.left }
        guard left >= Self.fewestOfAClass, rows.count - left >= Self.fewestOfAClass else { return nil }
        rows.sort { $0.number < $1.number }
        var ranks = 0.0
        var start = 0
        while start < rows.count {
            var end = start
            var positives = 0
            while end < rows.count, rows[end].number == rows[start].number {
                positives += rows[end].left ? 1 : 0
                end += 1
            }
            ranks += Double(start + end + 1) / 2 * Double(positives)
            start = end
        }
        let (n, m) = (Double(left), Double(rows.count - left))
        let auc = (ranks - n * (n + 1) / 2) / (n * m)
        return max(auc, 1 - auc)
    }

    /// The area under the curve of ranking by the share of leavers among the rows of the same key, which is learned from
    /// one half of the rows for the other; nil where there are too few of a class.
    ///
    /// So it finds what ranking by a number cannot: kinds, single values, and whether there is a value at all.
    package static func grouping<Key: Hashable>(_ keys: [Key], _ labels: [Bool]) -> Double? {
        var halves: [[Key: (rows: Double, left: Double)]] = [[:], [:]]
        let share = Double(labels.count { $0 }) / Double(max(labels.count, 1))
        // Rows may stand in any order: which half one is in must not follow from its place.
        var random = SeededRandom(seed: 1)
        let sides = labels.map { _ in random.index(below: 2) }
        for (index, key) in keys.enumerated() {
            halves[sides[index]][key, default: (0, 0)].rows += 1
            if labels[index] { halves[sides[index]][key, default: (0, 0)].left += 1 }
        }
        let scores = keys.enumerated().map { index, key -> Double? in
            guard let other = halves[1 - sides[index]][key] else { return share }
            return (other.left + share) / (other.rows + 1)
        }
        return Self.ranking(scores, labels)
    }

    /// The better of ranking by numbers and of grouping them into ranges, with the missing as a group of their own.
    package static func ofNumbers(_ numbers: [Double?], _ labels: [Bool]) -> Double? {
        let sorted = numbers.compactMap(\.self).sorted()
        let limits = sorted.isEmpty ? [] : (1..<Self.bins).map { sorted[$0 * (sorted.count - 1) / Self.bins] }
        let keys = numbers.map { number in number.map { value in limits.count { $0 < value } } ?? -1 }
        return [Self.ranking(numbers, labels), Self.grouping(keys, labels)].compactMap(\.self).max()
    }
}
