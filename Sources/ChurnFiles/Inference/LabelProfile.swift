import ChurnCore

/// The one of a label column's values that means that the customer left.
///
/// A value that says so itself, such as "lost", decides. A yes or no, in whatever form, says what the column's name
/// asks: 1 in `Exited` left, 1 in `Retained` stayed. What neither settles is a guess, and every guess has a note.
enum LabelProfile {
    /// More values than these are no label.
    private static let mostValues = 10

    /// The label, with a note where it is a guess; an error that says what is wrong with the column.
    static func label(_ column: ColumnProfile, positive asked: String?) throws(CustomerFileFaults) -> (
        LabelColumn, note: String?
    ) {
        let values = column.values.sorted { ($0.value, $1.key) < ($1.value, $0.key) }.map(\.key)
        guard column.hasAllValues, (2...Self.mostValues).contains(values.count) else {
            throw Self.refusal(column, values.count)
        }
        if let asked {
            guard let positive = values.first(where: { $0 == asked }) else {
                throw CustomerFileFaults(texts: [
                    "the label column '\(column.name)' never has the value given as positive; it has "
                        + Self.list(values)
                ])
            }
            return (Self.label(column.name, values, positive), nil)
        }
        let (positive, note) = try Self.guess(column.name, values)
        let share = Self.largeShare(of: positive, in: column)
        let notes = [note, share].compactMap(\.self)
        return (Self.label(column.name, values, positive), notes.isEmpty ? nil : notes.joined(separator: "; "))
    }

    /// The value that means "left", with a note where it is a guess.
    private static func guess(
        _ name: String, _ values: [String]
    ) throws(CustomerFileFaults) -> (positive: String, note: String?) {
        let asked = LabelMeaning(name)
        let meanings = values.map { value in LabelMeaning(value) ?? Self.claim(value).map { Self.side(of: $0, asked) } }
        let left = values.indices.filter { meanings[$0] == .left }
        guard values.count == 2 else { return try Self.one(of: values, name) }
        let stayed = values.indices.filter { meanings[$0] == .stayed }
        guard left.count <= 1, stayed.count <= 1, left.count + stayed.count > 0, !Self.isCoded(values) else {
            // Fewer leave than stay, nearly everywhere.
            return (values[0], "a guess: the rarer value; exchange the two if it is wrong")
        }
        let positive = values[left.first ?? (stayed[0] == 0 ? 1 : 0)]
        let saysItself = values.contains { LabelMeaning($0) != nil }
        if left.isEmpty || stayed.isEmpty {
            return (positive, left.isEmpty ? "a guess: the value that does not mean stayed" : nil)
        }
        if !saysItself, asked == nil {
            return (positive, "a guess: the column's name does not say whether a yes means left or stayed")
        }
        let isOpposite = !saysItself && asked == .stayed
        return (
            positive,
            isOpposite ? "a guess by the column's name, by which a yes means that a customer stayed" : nil
        )
    }

    /// The one of more than two values whose word means left.
    private static func one(
        of values: [String], _ name: String
    ) throws(CustomerFileFaults) -> (positive: String, note: String?) {
        let words = values.filter { LabelMeaning($0) == .left }
        guard words.count == 1, let positive = words.first else {
            throw CustomerFileFaults(
                texts: [
                    """
                    the label column '\(name)' has \(values.count) different values: \(Self.list(values)); say \
                    which of them means left, and the others mean stayed
                    """
                ], code: .labelUnclear)
        }
        return (positive, "a guess: all others stayed; take out a value that says neither, and its rows")
    }

    /// Asks about a share of leavers above one half, which is rare.
    private static func largeShare(of positive: String, in column: ColumnProfile) -> String? {
        let all = column.values.values.reduce(0, +)
        let left = column.values[positive] ?? 0
        guard left * 2 > all else { return nil }
        return """
            \(Int((Double(left) * 100 / Double(all)).rounded())) % of the customers left by this reading: is that so? \
            Exchange the two values if not
            """
    }

    /// Returns whether two values are codes of which either may be the yes, such as 1 and 2.
    private static func isCoded(_ values: [String]) -> Bool {
        Set(values.map(Self.key)) == ["1", "2"]
    }

    /// The side of a yes (true) or no in a column whose name asks this; left where it asks nothing.
    private static func side(of claim: Bool, _ asked: LabelMeaning?) -> LabelMeaning {
        let side = asked ?? .left
        return claim ? side : side.opposite
    }

    /// The yes or no that a value is, in more languages than a field of yes and no may be; nil where it is none.
    private static func claim(_ value: String) -> Bool? {
        switch Self.key(value) {
        case "ja", "oui", "sí", "si": true
        case "nein", "non", "nee", "none", "-1": false
        case let key: CSVField.flag(key)
        }
    }

    private static func label(_ name: String, _ values: [String], _ positive: String) -> LabelColumn {
        let negatives = values.filter { $0 != positive }.reversed()
        return LabelColumn(
            name: name, positive: positive, negative: negatives.first ?? "",
            otherNegatives: Array(negatives.dropFirst()))
    }

    private static func list(_ values: [String]) -> String { values.map { "'\($0)'" }.joined(separator: ", ") }

    private static func refusal(_ column: ColumnProfile, _ count: Int) -> CustomerFileFaults {
        let text: String
        if column.present == 0 {
            text = "the label column '\(column.name)' has no value in any row; it needs two"
        } else if column.hasAllValues, count == 1 {
            let missing = column.missing
            let blank =
                missing == 0
                ? "" : "; \(missing) rows have none, which counts as unknown: write 0 there if they stayed"
            text = "the label column '\(column.name)' has the same value in every row that has one\(blank)"
        } else {
            text =
                "the label column '\(column.name)' has \(column.hasAllValues ? "\(count)" : "many") different values; "
                + "it needs two, one for customers who left and one for those who stayed"
        }
        return CustomerFileFaults(texts: [text])
    }

    private static func key(_ value: String) -> String {
        var key = value.lowercased()
        if key.hasSuffix(".0") { key.removeLast(2) }
        if key.hasSuffix(".") { key.removeLast() }
        return key
    }
}
