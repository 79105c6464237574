/// Which of a label column's two values means that the customer left.
enum LabelSurvey {
    private static let leaving: Set<String> = [
        "1", "yes", "y", "true", "t", "churn", "churned", "left", "leaver", "exited", "lost", "cancelled", "canceled",
        "attrited", "attrited customer", "closed", "gone", "inactive", "terminated",
    ]
    private static let staying: Set<String> = [
        "0", "no", "n", "false", "f", "stayed", "retained", "active", "existing", "existing customer", "current",
        "loyal", "not churned", "none", "-1",
    ]

    /// The label; an error that says what is wrong with the column.
    static func label(_ column: ColumnSurvey, positive asked: String?) -> Result<
        (LabelColumn, note: String?), CustomerFileFaults
    > {
        let values = column.values.sorted { ($0.value, $1.key) < ($1.value, $0.key) }.map(\.key)
        guard column.hasAllValues, values.count == 2 else {
            let found = column.hasAllValues ? "\(values.count)" : "many"
            return .failure(
                CustomerFileFaults(texts: [
                    """
                    the label column '\(column.name)' has \(found) different values; it needs two, one for customers \
                    who left and one for those who stayed
                    """
                ]))
        }
        if let asked {
            guard let positive = values.first(where: { $0 == asked }),
                let negative = values.first(where: { $0 != asked })
            else {
                return .failure(
                    CustomerFileFaults(texts: [
                        "the label column '\(column.name)' never has the value given as positive"
                    ]))
            }
            return .success((LabelColumn(name: column.name, positive: positive, negative: negative), nil))
        }
        for (positive, negative) in [(values[0], values[1]), (values[1], values[0])]
        where Self.leaving.contains(Self.key(positive)) || Self.staying.contains(Self.key(negative)) {
            return .success((LabelColumn(name: column.name, positive: positive, negative: negative), nil))
        }
        // Fewer leave than stay, nearly everywhere.
        return .success(
            (
                LabelColumn(name: column.name, positive: values[0], negative: values[1]),
                "a guess: the rarer value; exchange the two if it is wrong"
            ))
    }

    private static func key(_ value: String) -> String {
        var key = value.lowercased()
        if key.hasSuffix(".0") { key.removeLast(2) }
        if key.hasSuffix(".") { key.removeLast() }
        return key
    }
}
