import ChurnCore

/// The subject of a model's counts.
public struct CountSeries: RawRepresentable, Hashable, Sendable {
    /// The name in the store.
    public var rawValue: String
    /// Creates a series from its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The histogram of the scores.
    public static let scores = Self(rawValue: "score")
    /// The histogram of a feature.
    public static func feature(_ name: String) -> Self { Self(rawValue: "feature:\(name)") }
    /// Returns the series that compares a challenger with a champion; see ``ShadowCounts``.
    public static func shadow(of champion: String) -> Self { Self(rawValue: "shadow:\(champion)") }
}

/// Numbers that are added up: of one model, on one day, about one thing.
public struct ModelCounts: Hashable, Sendable {
    /// The model's version.
    public var version: String
    /// The day by the records' time, in days since 1970.
    public var day: Int32
    /// The series that was counted.
    public var series: CountSeries
    /// The counts; those of one series always have the same length.
    public var counts: [Int64]

    /// Creates counts.
    public init(version: String, day: Int32, series: CountSeries, counts: [Int64]) {
        self.version = version
        self.day = day
        self.series = series
        self.counts = counts
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

    /// Creates a score.
    public init(customerID: String, version: String, probability: Double, time: Timestamp) {
        self.customerID = customerID
        self.version = version
        self.probability = probability
        self.time = time
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

    /// Creates a judged score.
    public init(outcome: CustomerOutcome, version: String, probability: Double, scored: Timestamp) {
        self.outcome = outcome
        self.version = version
        self.probability = probability
        self.scored = scored
    }
}

/// Keeps the scores of models and the outcomes of customers.
public protocol ModelRecords: Sendable {
    /// Adds counts to those that are there, and remembers the newest shadow score of each customer, model and day; all
    /// or nothing.
    ///
    /// Not idempotent: a call whose outcome is unknown may be counted twice when it is repeated. They are statistics.
    func add(_ counts: [ModelCounts], shadow: [ShadowScore]) async throws

    /// The counts of all models from a day on, sorted by version, day and series.
    func modelCounts(since day: Int32) async throws -> [ModelCounts]

    /// Remembers outcomes; one of the same customer and time takes the place of the one before.
    ///
    /// - Returns: how many are new or other than before.
    func recordOutcomes(_ outcomes: [CustomerOutcome]) async throws -> Int

    /// Outcomes from a time on, each with the last score before it that is no older than `horizon`: the one that was
    /// served, and of each challenger the one in the shadow. Sorted by time, customer and version.
    ///
    /// Of an outcome that an event reported, the score of that event and those that were made after it do not count,
    /// whatever their times, and no shadow score of the same moment does.
    func judgedScores(since time: Timestamp, horizon: Duration) async throws -> [JudgedScore]
}

extension Timestamp {
    /// The day in UTC, in days since 1970.
    public var day: Int32 {
        let length: Int64 = 86_400_000_000
        let whole = self.microseconds / length - (self.microseconds % length < 0 ? 1 : 0)
        return Int32(clamping: whole)
    }
}
