public import ChurnCore

/// The subject of a model's counts.
public struct CountSeries: RawRepresentable, Hashable, Sendable {
    /// The name in the store.
    public var rawValue: String
    /// Creates a series from its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The histogram of the scores.
    public static let scores = Self(rawValue: "score")
    /// The customers behind the counts, in a sketch; see ``CustomerSketch``.
    package static let customers = Self(rawValue: "customers")
    /// The histogram of a feature.
    public static func feature(_ name: String) -> Self { Self(rawValue: "feature:\(name)") }
    /// Returns the series that compares a challenger with a champion; see ``ShadowCounts``.
    public static func shadow(of champion: String) -> Self { Self(rawValue: "shadow:\(champion)") }
}

/// Numbers that are added up: of one model, on one day or in one of its hours, about one thing.
public struct ModelCounts: Hashable, Sendable {
    /// The model's version.
    public var version: String
    /// The day by the records' time, in days since 1970.
    public var day: Int32
    /// The hour by the records' time, in hours since 1970; nil for what belongs to the whole day.
    public var hour: Int32?
    /// The series that was counted.
    public var series: CountSeries
    /// The counts; those of one series always have the same length.
    public var counts: [Int64]

    /// Creates counts of a day.
    public init(version: String, day: Int32, series: CountSeries, counts: [Int64]) {
        self.version = version
        self.day = day
        self.series = series
        self.counts = counts
    }

    /// Creates counts of an hour.
    public init(version: String, hour: Int32, series: CountSeries, counts: [Int64]) {
        self.version = version
        self.day = hour / 24 - (hour % 24 < 0 ? 1 : 0)
        self.hour = hour
        self.series = series
        self.counts = counts
    }
}

/// A score beside the one that it is compared with.
public struct PairedScore: Hashable, Sendable {
    /// The model that made it.
    public var version: String
    /// The churn probability.
    public var probability: Double

    /// Creates a score.
    public init(version: String, probability: Double) {
        self.version = version
        self.probability = probability
    }
}

/// A score that a challenger gave and no one was served.
public struct ShadowScore: Hashable, Sendable {
    /// The customer.
    public var customerID: String
    /// The challenger's version.
    public var version: String
    /// The churn probability.
    public var probability: Double
    /// The record time of the event that was scored.
    public var time: Timestamp
    /// The champion's score of the same event; nil where it was not kept.
    public var champion: PairedScore?

    /// Creates a score.
    public init(
        customerID: String, version: String, probability: Double, time: Timestamp, champion: PairedScore? = nil
    ) {
        self.customerID = customerID
        self.version = version
        self.probability = probability
        self.time = time
        self.champion = champion
    }
}

/// An outcome with the last score before it.
public struct JudgedScore: Hashable, Sendable {
    /// The outcome of the customer.
    public var outcome: CustomerOutcome
    /// The model that made the score.
    public var version: String
    /// The churn probability that it gave.
    public var probability: Double
    /// The time of the scored event.
    public var scored: Timestamp
    /// The champion's score of the same event, where this is a challenger's.
    public var champion: PairedScore?

    /// Creates a judged score.
    public init(
        outcome: CustomerOutcome, version: String, probability: Double, scored: Timestamp, champion: PairedScore? = nil
    ) {
        self.outcome = outcome
        self.version = version
        self.probability = probability
        self.scored = scored
        self.champion = champion
    }
}

extension Timestamp {
    /// The day in UTC, in days since 1970.
    public var day: Int32 { self.whole(86_400_000_000) }

    /// The hour in UTC, in hours since 1970.
    package var hour: Int32 { self.whole(3_600_000_000) }

    /// Creates the start of an hour in UTC.
    package init(hour: Int32) { self.init(microseconds: Int64(hour) * 3_600_000_000) }

    private func whole(_ length: Int64) -> Int32 {
        let whole = self.microseconds / length - (self.microseconds % length < 0 ? 1 : 0)
        return Int32(clamping: whole)
    }
}
