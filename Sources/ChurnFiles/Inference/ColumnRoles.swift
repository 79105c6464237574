import ChurnCore

/// Guesses which columns play a part of their own: the segment, the monthly value, the time as a customer.
struct ColumnRoles {
    /// A column that was kept as a feature.
    struct Candidate {
        var column: ColumnProfile
        var type: FeatureType
        var words: ColumnWords
        /// Whether the column may be known too late, or has values that no model reads.
        var isDoubtful: Bool

        init(column: ColumnProfile, type: FeatureType, isDoubtful: Bool = false) {
            self.column = column
            self.type = type
            self.isDoubtful = isDoubtful
            self.words = ColumnWords(column.name)
        }
    }

    private static let segmentWords: [[String]] = [
        ["contract"], ["plan", "tier", "package", "subscription", "membership"], ["segment"],
        ["geography", "country", "region", "market"], ["product", "category", "channel", "type", "card"],
        ["state", "city", "area"],
    ]
    private static let valueWords: [[String]] = [
        ["mrr", "arpu"], ["monthly", "month"], ["fee", "price", "bill", "premium", "subscription"], ["charge"],
        ["revenue", "spend", "amount", "amt", "payment"], ["balance", "bal"], ["value", "income", "salary"],
    ]
    private static let totalWords: Set<String> = ["total", "ever", "lifetime", "cumulative"]
    /// The terms of measures other than money.
    private static let otherMeasures: Set<String> = [
        "months", "month", "weeks", "days", "day", "years", "year", "hours", "hour", "minutes", "mins", "seconds",
        "tenure",
        "length", "duration", "delay", "age", "latitude", "longitude", "lat", "long", "score", "rating", "count", "ct",
        "number", "num", "calls", "code", "zip", "rate", "ratio", "hike",
    ]
    private static let money = [
        "charge", "fee", "price", "bill", "amount", "amt", "revenue", "mrr", "arpu", "payment", "spend",
    ]
    private static let personalWords: Set<String> = [
        "gender", "sex", "senior", "citizen", "partner", "dependents", "married", "marital", "age", "children", "race",
        "religion", "nationality", "language", "education", "phone", "account",
    ]

    let candidates: [Candidate]

    /// Features that can be the segment, the best first; booleans become categorical where one is chosen.
    var segments: [Candidate] {
        self.candidates
            .filter { $0.type != .numeric && $0.column.distinct >= 2 && $0.column.hasAllValues && !$0.isDoubtful }
            .sorted { self.segmentRank($0) < self.segmentRank($1) }
    }

    private func segmentRank(_ candidate: Candidate) -> Int {
        let words = Self.rank(candidate.words, Self.segmentWords)
        // A chart of a dozen parts can be read; one of fifty cannot.
        let crowd = candidate.column.distinct <= 12 ? 0 : 100 + candidate.column.distinct
        let personal = candidate.words.has(Self.personalWords) ? 50 : 0
        let flag = candidate.type == .boolean ? (words < Self.segmentWords.count ? 5 : 60) : 0
        return words * 10 + crowd + personal + flag
    }

    /// Features that can be what a customer pays, the best first.
    var values: [Candidate] {
        self.candidates.filter { $0.type == .numeric && !$0.isDoubtful }
            .sorted { (self.valueRank($0), -$0.column.mean) < (self.valueRank($1), -$1.column.mean) }
    }

    private func valueRank(_ candidate: Candidate) -> Int {
        var rank = Self.rank(candidate.words, Self.valueWords)
        // Months of something are a time, not money; a charge by day is money.
        let isTime = candidate.words.has(["months", "tenure", "delay", "hour", "hours", "length"])
        if isTime || (candidate.words.has(Self.otherMeasures) && !candidate.words.begins(Self.money)) {
            rank = Self.valueWords.count + 5
        }
        if candidate.words.has(Self.totalWords) { rank += 2 }
        // A credit now and then is usual in what customers pay.
        if candidate.column.minimum < 0, -candidate.column.minimum > candidate.column.mean { rank += 4 }
        return rank
    }

    /// The feature that says how long a customer has been one, by its name.
    var tenure: Candidate? {
        let numbers = self.candidates.filter { $0.type == .numeric && $0.column.minimum >= 0 }
        return numbers.first { $0.words.has(["tenure"]) }
            ?? numbers.first { $0.words.has(["length"]) && $0.words.begins(["account", "member", "contract"]) }
            ?? numbers.first { $0.words.has(["months", "vintage"]) && !$0.words.begins(["inactiv", "contact"]) }
    }

    /// Columns of kinds, yes and no among them, that staff may be able to change.
    var levers: [Candidate] {
        self.candidates.filter { $0.type != .numeric && !$0.words.has(Self.personalWords) && !$0.words.isImmutable }
    }

    private static func rank(_ words: ColumnWords, _ ranked: [[String]]) -> Int {
        ranked.firstIndex { words.begins($0) } ?? ranked.count
    }
}
