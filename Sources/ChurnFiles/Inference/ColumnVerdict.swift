import ChurnCore

/// The use of a column in a first domain file.
enum ColumnVerdict: Equatable {
    /// A feature; `note` is what a person should look at.
    case feature(FeatureType, note: String?)
    /// Left out, and why.
    case ignored(String)

    /// The most categories that a first file lists; of more, the most frequent where they are most of the rows.
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
        if let kind = DateText.kind(ofNumbers: column) {
            return .ignored("dates (\(kind)): make a number of them, such as days until today, to learn from them")
        }
        let wrong = present - column.numbers - column.linesTooLarge.count
        if column.ambiguous * 20 > column.present, (wrong - column.ambiguous) * 20 <= column.present {
            return .ignored(
                "numbers that cannot be read in one way (\(column.linesWithoutNumber.text)): \(marks.advice)")
        }
        if Self.isPlace(column, words) {
            return .ignored("\(column.distinct) different codes of places: names rather than kinds")
        }
        if column.codes == 0, column.numbers + column.linesTooLarge.count > 0, wrong * 20 <= column.present,
            !Self.isCode(column, words),
            !Self.isKind(column, words)
        {
            if let reason = Self.idReason(column, words) { return .ignored(reason) }
            if column.linesTooLarge.count > 0 {
                return .feature(
                    .numeric, note: "larger than a model can read (\(column.linesTooLarge.text)): leave these empty")
            }
            guard wrong > 0 else { return .feature(.numeric, note: Self.gaps(column)) }
            let verb = wrong == 1 ? "value is no number" : "values are no numbers"
            return .feature(.numeric, note: "\(wrong) \(verb) (\(column.linesWithoutNumber.text)): fix the file")
        }
        if column.present >= 20, column.distinct == column.present {
            return .ignored("every row has another value: an id or a name, which says nothing of others")
        }
        let isCrowded = column.distinct > Self.mostCategories
        if isCrowded, Self.hasFrequentKinds(column, words) {
            return .feature(
                .categorical,
                note: "the \(Self.mostCategories) most frequent of \(column.distinct); all others count as one other")
        }
        if isCrowded || (column.distinct > 20 && column.distinct * 2 > column.present) {
            return .ignored("\(column.distinct) different texts in \(column.present) rows: names rather than kinds")
        }
        return .feature(.categorical, note: Self.gaps(column))
    }

    /// The most frequent texts, at most ``mostCategories``, in the order of their UTF-8.
    ///
    /// Of those that differ in case or blanks only, the most frequent one: the others are read as it.
    static func frequent(_ column: ColumnProfile) -> [String] {
        var seen: Set<String> = []
        let texts = column.values.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
            .filter { seen.insert(CategoryFold.fold($0)).inserted }.prefix(self.mostCategories)
        return texts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Returns whether a few of many texts stand in most of the rows, and the name is not that of a person or a place.
    private static func hasFrequentKinds(_ column: ColumnProfile, _ words: ColumnWords) -> Bool {
        let isName = words.has([
            "name", "surname", "firstname", "lastname", "fullname", "street", "address", "email", "mail", "phone",
            "comment", "comments", "note", "notes", "zip", "zipcode", "postcode", "postal", "plz", "id", "token",
        ])
        let covered = Self.frequent(column).reduce(0) { $0 + (column.values[$1] ?? 0) }
        return !isName && covered * 2 >= column.present && column.distinct * 2 <= column.present
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
        if column.isStepping, column.distinct * 100 >= column.present * 95 {
            return "the numbers change by the same step from row to row: a row number or an id"
        }
        if column.distinct * 100 >= column.present * 98, column.minimum >= 1e9 {
            return "nearly every row has another number of ten digits or more: an id"
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
