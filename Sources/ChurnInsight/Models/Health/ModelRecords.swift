public import ChurnCore

/// The span of outcomes that count, and the scores that they are held against.
public struct JudgementSpan: Hashable, Sendable {
    /// The first time of outcomes that count.
    public var since: Timestamp
    /// The last time of outcomes that count: what is dated later has not happened yet.
    public var until: Timestamp
    /// The least time between a score and its outcome.
    public var lead: Duration
    /// The age from which a score is too old.
    public var horizon: Duration

    /// Creates a span; by default without end and lead.
    public init(
        since: Timestamp, until: Timestamp = Timestamp(microseconds: .max / 2), lead: Duration = .zero,
        horizon: Duration
    ) {
        self.since = since
        self.until = until
        self.lead = lead
        self.horizon = horizon
    }
}

/// The numbers of recorded outcomes before, within and after a span.
public struct OutcomeCounts: Hashable, Sendable {
    /// Those from before it.
    public var earlier: Int
    /// Those within it.
    public var within: Int
    /// Those that are dated later.
    public var later: Int

    /// Creates counts.
    public init(earlier: Int = 0, within: Int = 0, later: Int = 0) {
        self.earlier = earlier
        self.within = within
        self.later = later
    }
}

/// Keeps the scores of models and the outcomes of customers.
public protocol ModelRecords: Sendable {
    /// Adds counts to those that are there, and remembers shadow scores; all or nothing.
    ///
    /// Of each customer, model and day the first and the last shadow score are kept, and each that was the last one
    /// before a recorded outcome: what judges an outcome is not replaced by what came after it.
    ///
    /// Not idempotent: a call whose outcome is unknown may be counted twice when it is repeated. They are statistics.
    func add(_ counts: [ModelCounts], shadow: [ShadowScore]) async throws

    /// The counts of all models by days from a day on, sorted by version, day and series.
    func modelCounts(since day: Int32) async throws -> [ModelCounts]

    /// The counts of a model by hours from an hour on, in hours since 1970, sorted by hour and series.
    func hourlyCounts(of version: String, since hour: Int32) async throws -> [ModelCounts]

    /// Remembers outcomes; one of the same customer and time takes the place of the one before.
    ///
    /// - Returns: how many are new or other than before.
    func recordOutcomes(_ outcomes: [CustomerOutcome]) async throws -> Int

    /// Counts the outcomes before, within and after a span.
    func outcomeCounts(in span: JudgementSpan) async throws -> OutcomeCounts

    /// The outcomes of a span, each with the last score that was made at least `lead` before it and less than `horizon`:
    /// the one that was served, and of each challenger the one in the shadow. Sorted by time, customer and version.
    ///
    /// Of an outcome that an event reported, the score of that event and those that were made after it do not count,
    /// whatever their times, and no shadow score of the same moment does.
    func judgedScores(in span: JudgementSpan) async throws -> [JudgedScore]
}

extension ModelRecords {
    /// Outcomes from a time on, each with the last score before it that is no older than `horizon`.
    public func judgedScores(since time: Timestamp, horizon: Duration) async throws -> [JudgedScore] {
        try await self.judgedScores(in: JudgementSpan(since: time, horizon: horizon))
    }
}
