import ChurnCore

/// The one of a label column's two values that means that the customer left.
enum LabelProfile {
    private static let leaving: Set<String> = [
        "1", "yes", "y", "true", "t", "churn", "churned", "left", "leaver", "exited", "lost", "cancelled", "canceled",
        "attrited", "attrited customer", "closed", "gone", "inactive", "terminated", "ja", "oui", "sí",
    ]
    private static let staying: Set<String> = [
        "0", "no", "n", "false", "f", "stayed", "retained", "active", "existing", "existing customer", "current",
        "loyal", "not churned", "none", "-1", "nein", "non",
    ]

    /// More values than these are no label.
    private static let mostValues = 10

    /// The label; an error that says what is wrong with the column.
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
        let left = values.filter { Self.leaving.contains(Self.key($0)) }
        let others = values.filter { !Self.staying.contains(Self.key($0)) }
        if values.count == 2, let positive = left.count == 1 ? left.first : others.count == 1 ? others.first : nil {
            return (Self.label(column.name, values, positive), nil)
        }
        if values.count == 2 {
            // Fewer leave than stay, nearly everywhere.
            return (
                Self.label(column.name, values, values[0]),
                "a guess: the rarer value; exchange the two if it is wrong"
            )
        }
        let words = left.filter { CSVField.flag($0) == nil }
        guard words.count == 1, let positive = words.first else {
            throw CustomerFileFaults(
                texts: [
                    """
                    the label column '\(column.name)' has \(values.count) different values: \(Self.list(values)); say \
                    which of them means left, and the others mean stayed
                    """
                ], code: .labelUnclear)
        }
        return (
            Self.label(column.name, values, positive),
            "a guess: all others stayed; take out a value that says neither, and its rows"
        )
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
