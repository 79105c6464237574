import ChurnCore

/// The use of a column in a first domain file.
enum ColumnVerdict: Equatable {
    /// A feature; `note` is what a person should look at.
    case feature(FeatureType, note: String?)
    /// Left out, and why.
    case ignored(String)

    /// The most categories that a first file lists; more of them are names rather than kinds.
    static let mostCategories = 200

    /// Judges a column by what it holds, without regard to the label.
    static func of(_ column: ColumnProfile, marks: NumberMarks) -> ColumnVerdict {
        let words = ColumnWords(column.name)
        guard column.present > 0 else { return .ignored("no row has a value") }
        if column.distinct == 1, column.missing == 0 { return .ignored("constant: every row has the same value") }
        let present = column.present - column.placeholders
        if present > 0, column.flags == present, Self.isBinary(column) {
            return .feature(.boolean, note: Self.gaps(column))
        }
        if column.dates * 10 >= column.present * 9 {
            return .ignored("dates: make a number of them, such as days until today, to learn from them")
        }
        let wrong = present - column.numbers
        if column.ambiguous * 20 > column.present, (wrong - column.ambiguous) * 20 <= column.present {
            return .ignored(
                "numbers that cannot be read in one way (\(column.linesWithoutNumber.text)): \(marks.advice)")
        }
        if Self.isPlace(column, words) {
            return .ignored("\(column.distinct) different codes of places: names rather than kinds")
        }
        if column.codes == 0, column.numbers > 0, wrong * 20 <= column.present, !Self.isCode(column, words),
            !Self.isKind(column, words)
        {
            if let reason = Self.idReason(column, words) { return .ignored(reason) }
            guard wrong > 0 else { return .feature(.numeric, note: Self.gaps(column)) }
            let verb = wrong == 1 ? "value is no number" : "values are no numbers"
            return .feature(.numeric, note: "\(wrong) \(verb) (\(column.linesWithoutNumber.text)): fix the file")
        }
        if column.present >= 20, column.distinct == column.present {
            return .ignored("every row has another value: an id or a name, which says nothing of others")
        }
        if column.distinct > Self.mostCategories || (column.distinct > 20 && column.distinct * 2 > column.present) {
            return .ignored("\(column.distinct) different texts in \(column.present) rows: names rather than kinds")
        }
        return .feature(.categorical, note: Self.gaps(column))
    }

    /// Returns whether the values are one pair such as yes and no, in any case.
    private static func isBinary(_ column: ColumnProfile) -> Bool {
        let texts = Set(column.values.keys.map { $0.lowercased() })
        return column.hasAllValues && texts.count <= 6
    }

    /// Returns whether whole numbers stand for places or kinds, such as area codes.
    private static func isCode(_ column: ColumnProfile, _ words: ColumnWords) -> Bool {
        column.wholeNumbers == column.present && column.distinct <= Self.mostCategories
            && words.has(["code", "zip", "zipcode", "postcode", "plz", "region", "branch", "segment", "category"])
            && column.minimum >= 0
    }

    /// Returns whether whole numbers stand for more places than a model can learn from, such as postal codes.
    private static func isPlace(_ column: ColumnProfile, _ words: ColumnWords) -> Bool {
        column.wholeNumbers == column.present
            && (column.distinct > Self.mostCategories || (column.distinct > 20 && column.distinct * 2 > column.present))
            && words.has(["zip", "zipcode", "postcode", "postal", "plz"])
    }

    /// Returns whether a few small whole numbers stand for kinds, such as plan 1 and plan 2, by the column's name.
    private static func isKind(_ column: ColumnProfile, _ words: ColumnWords) -> Bool {
        column.wholeNumbers == column.present && (2...12).contains(column.distinct) && column.minimum >= 0
            && column.maximum < 100
            && words.has([
                "plan", "tariff", "status", "type", "group", "class", "tier", "kind", "mode", "method", "channel",
                "gender",
                "sex", "marital", "education", "occupation",
            ])
            && !words.has([
                "price", "fee", "charge", "charges", "amount", "amt", "cost", "count", "number", "num", "no", "total",
                "score", "months", "days", "years", "usage", "calls", "size",
            ])
    }

    private static func idReason(_ column: ColumnProfile, _ words: ColumnWords) -> String? {
        guard column.present >= 20, column.wholeNumbers == column.present, column.codes == 0 else { return nil }
        if column.isRunning, column.distinct == column.present {
            return "the numbers rise by one from row to row: a row number"
        }
        // A number of something is a count, and what an account holds is no id.
        let sounds =
            words.soundsLikeCustomerID || words.words == ["account"]
            || words.has(["ids", "key", "index", "idx", "phone", "telephone", "ssn", "rownumber"])
            || (words.has(["number", "no", "nr", "num"]) && !words.has(["of"]))
        // Repeated rows of a customer repeat its numbers too.
        let isNearlyUnique = column.distinct * 100 >= column.present * 98
        return sounds && isNearlyUnique ? "nearly every row has another number: an id" : nil
    }

    private static func gaps(_ column: ColumnProfile) -> String? {
        guard column.missing * 2 > column.rows else { return nil }
        return "\(column.missing) of \(column.rows) rows have no value"
    }
}
