/// A feature's value before and after an event.
public struct ChangedFeature: Hashable, Sendable {
    /// The feature's index in the schema.
    public var feature: Int
    /// The value before.
    public var from: FeatureValue
    /// The value after.
    public var to: FeatureValue

    /// Creates a change.
    public init(feature: Int, from: FeatureValue, to: FeatureValue) {
        self.feature = feature
        self.from = from
        self.to = to
    }
}

/// The difference between a score and the customer's last one.
public struct ScoreChange: Hashable, Sendable {
    /// The difference, split over the features by one model.
    public struct Split: Hashable, Sendable {
        /// The margin after the event.
        public var toMargin: Double
        /// The contribution of each feature to the difference of the margins, in the schema's order.
        ///
        /// Features that did not change are among them: what they count for depends on those that did.
        public var contributions: [Double]
        /// The features that the event changed, in the schema's order.
        public var changed: [ChangedFeature]

        /// The margin before the event.
        public var fromMargin: Double { self.toMargin - self.contributions.reduce(0, +) }

        /// Creates a split.
        public init(toMargin: Double, contributions: [Double], changed: [ChangedFeature]) {
            self.toMargin = toMargin
            self.contributions = contributions
            self.changed = changed
        }

        /// The features that moved the score, the strongest first.
        public func reasons(limit: Int = .max) -> [Reason] { Reason.strongest(of: self.contributions, limit: limit) }
    }

    /// The customer's last probability.
    public var fromProbability: Double
    /// The probability now.
    public var toProbability: Double
    /// The split; nil where the last score was made by another model or of other features than those before the event,
    /// so that the two cannot be compared.
    public var split: Split?

    /// Creates a change.
    public init(fromProbability: Double, toProbability: Double, split: Split?) {
        self.fromProbability = fromProbability
        self.toProbability = toProbability
        self.split = split
    }
}
