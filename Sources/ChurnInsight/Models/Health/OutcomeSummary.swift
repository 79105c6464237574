import ChurnCore

/// The outcomes that judge models, and those that do not, with the reason.
public struct OutcomeSummary: Hashable, Sendable {
    /// The span of outcomes and scores that counts.
    public var span: JudgementSpan
    /// The number of outcomes with a score to be held against.
    public var judged: Int
    /// The number of outcomes from before the span.
    public var tooOld: Int
    /// The number of outcomes without a score from at least the lead before them and within the horizon.
    public var withoutScore: Int
    /// The number of outcomes that are dated later than now.
    public var inFuture: Int

    /// Creates a summary.
    public init(span: JudgementSpan, judged: Int, tooOld: Int, withoutScore: Int, inFuture: Int) {
        self.span = span
        self.judged = judged
        self.tooOld = tooOld
        self.withoutScore = withoutScore
        self.inFuture = inFuture
    }
}
