public import ChurnCore

extension Domain {
    /// Columns of `users` that no feature may take.
    ///
    /// Our own, those that the API adds to a customer's columns, and those that PostgreSQL gives every table. The
    /// customer id's column is taken too; its name is the domain's.
    public static let reservedColumns: Set<String> = [
        "churn_version", "churn_probability", "churn_band", "churn_scored_at", "churn_at_risk", "churn_alerted_at",
        "churn_left_at", "churn_last_event_at",
        "churn_risk", "risk_score", "last_activity", "prediction_timestamp",
        "tableoid", "xmin", "cmin", "xmax", "cmax", "ctid",
    ]

    /// Columns of `users` that begin so are our own.
    static let reservedPrefix = "churn_"

    /// The most bytes of a column's name: PostgreSQL cuts longer ones off without a word.
    static let maximumColumnBytes = 63

    /// Returns whether a name can be a column without quotes: a to z, digits and `_`, not a digit first.
    static func isPlainColumn(_ name: String) -> Bool {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        guard let first = name.utf8.first, !digits.contains(first) else { return false }
        return name.utf8.allSatisfy { letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "_") }
    }
}
