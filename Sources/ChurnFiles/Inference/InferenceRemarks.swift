import ChurnCore

/// The remarks for a person to check in the columns of a file before its domain is relied on.
enum InferenceRemarks {
    private static let fewestRows = 20

    /// Returns the remarks on the columns: repeated names, an id that is none or is not used, and odd values.
    static func columns(_ profile: FileProfile, id: Int?, label: Int) -> [InferenceRemark] {
        let names = profile.columns.map(\.name)
        var remarks: [InferenceRemark] = []
        for name in names {
            guard let original = CSVHeader.repeated(name, among: names) else { continue }
            remarks.append("column '\(original)' is there more than once; the later one is called '\(name)'")
        }
        remarks += self.identity(profile, id: id, label: label)
        for (index, column) in profile.columns.enumerated() where index != label && index != id {
            if let placeholder = self.placeholder(column) { remarks.append(InferenceRemark(placeholder)) }
            if let spellings = self.spellings(column) { remarks.append(InferenceRemark(spellings)) }
            if let order = self.order(ofDates: column) { remarks.append(InferenceRemark(order)) }
            if column.percentages > 0, column.percentages < column.numbers {
                remarks.append(
                    "column '\(column.name)' has numbers with a percent sign and without: 12.5% is read as 12.5, not as 0.125"
                )
            }
        }
        remarks += NearlyEqualColumns.pairs(profile, without: [id, label].compactMap(\.self)).map { one, other in
            "columns '\(one)' and '\(other)' are equal but for rounding: leave one of them out"
        }
        return remarks
    }

    private static func identity(_ profile: FileProfile, id: Int?, label: Int) -> [InferenceRemark] {
        guard let id else {
            let likely = profile.columns.indices.first { index in
                let column = profile.columns[index]
                let words = ColumnWords(column.name)
                return index != label && column.missing == 0 && column.present >= Self.fewestRows
                    && column.distinct * 100 >= column.present * 98 && !column.isRunning && words.soundsLikeCustomerID
            }
            guard let column = likely.map({ profile.columns[$0] }) else { return [] }
            return [
                InferenceRemark(
                    """
                    column '\(column.name)' looks like the customer's id; if it is, infer again with it as \
                    the id
                    """, code: .idUnclear)
            ]
        }
        let column = profile.columns[id]
        if column.isRunning, profile.rows >= Self.fewestRows, self.isRowNumber(column.name) {
            return [
                """
                column '\(column.name)' looks like a row number: another file would give its numbers to other customers, \
                and events must name customers by it
                """
            ]
        }
        guard profile.rows >= Self.fewestRows, profile.passedOver > profile.rows else { return [] }
        return [
            """
            column '\(profile.columns[id].name)' has \(profile.rows) different values in \
            \(profile.rows + profile.passedOver) rows, and only the first row of each counts: is it the customer's id?
            """
        ]
    }

    /// Dates such as 03/04/2020, of which no row of the column shows whether the day or the month comes first.
    private static func order(ofDates column: ColumnProfile) -> String? {
        guard column.dates * 10 >= column.present * 9 else { return nil }
        if column.orderedDates.count > 1 {
            return "column '\(column.name)' has dates with the day first and dates with the month first"
        }
        guard column.ambiguousDates > 0, column.orderedDates.isEmpty else { return nil }
        return "column '\(column.name)' has dates of which the first number may be the day or the month"
    }

    /// A number made of nines that lies apart from the others, such as -999999.
    private static func placeholder(_ column: ColumnProfile) -> String? {
        guard column.numbers * 2 > column.present else { return nil }
        for extreme in [column.lowest, column.highest] where extreme.count > 0 {
            let text = PlainNumber.text(extreme.value)
            let digits = text.drop { $0 == "-" }
            guard digits.count >= 3, digits.allSatisfy({ $0 == "9" }),
                abs(extreme.value) >= 5 * max(1, abs(extreme.next)) || (extreme.value < 0 && extreme.next >= 0)
            else { continue }
            let rows = extreme.count == 1 ? "1 row has" : "\(extreme.count) rows have"
            return
                "column '\(column.name)': \(rows) \(text), far from all others; if it stands for a missing value, leave "
                + "the field empty"
        }
        return nil
    }

    /// Categories that are the same but for capitals, or of which one looks like the other's code, such as FRA and France.
    private static func spellings(_ column: ColumnProfile) -> String? {
        guard column.hasAllValues, column.flags < column.present, column.numbers < column.present,
            (2...self.mostCategories).contains(column.values.count)
        else { return nil }
        let values = column.values.keys.sorted()
        for (index, one) in values.enumerated() {
            for other in values[(index + 1)...] {
                let (small, large) = (one.lowercased(), other.lowercased())
                let isCode = one.count == 3 && one.allSatisfy(\.isUppercase) && !large.contains(" ")
                guard small == large || (isCode && large.hasPrefix(small)) else { continue }
                let both = "column '\(column.name)' has both '\(one)' and '\(other)'; "
                return both
                    + (small == large
                        ? "they are read as one category, by its most frequent spelling"
                        : "if they mean the same, write one of them everywhere, since they are two categories")
            }
        }
        return nil
    }

    private static func isRowNumber(_ name: String) -> Bool {
        let words = ColumnWords(name)
        return name.isEmpty || name == "#"
            || words.has(["row", "rownumber", "rownum", "index", "idx", "unnamed", "line"])
    }

    private static let mostCategories = 50
}
