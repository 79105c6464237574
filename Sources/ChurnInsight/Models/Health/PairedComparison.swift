/// A challenger and a champion judged by the outcomes of the same customers, each by scores of the same event.
public struct PairedComparison: Hashable, Sendable {
    /// The difference of a measure, challenger less champion, with its 95 % interval.
    public struct Difference: Hashable, Sendable {
        /// The difference.
        public var value: Double
        /// The interval's lower end.
        public var lower: Double
        /// The interval's upper end.
        public var upper: Double

        /// Creates a difference.
        public init(value: Double, lower: Double, upper: Double) {
            self.value = value
            self.lower = lower
            self.upper = upper
        }
    }

    /// The number of customers.
    public var customers: Int
    /// The number of those who left.
    public var positives: Int
    /// The champion's area under the ROC curve; nil where only one outcome occurs.
    public var championAUC: Double?
    /// The challenger's.
    public var challengerAUC: Double?
    /// The difference of both; nil where either outcome occurs less than twice.
    public var auc: Difference?
    /// The champion's Brier score.
    public var championBrier: Double
    /// The challenger's.
    public var challengerBrier: Double
    /// The difference of both, less than zero where the challenger is better; nil for one customer.
    public var brier: Difference?

    /// Creates a comparison.
    public init(
        customers: Int, positives: Int, championAUC: Double?, challengerAUC: Double?, auc: Difference?,
        championBrier: Double, challengerBrier: Double, brier: Difference?
    ) {
        self.customers = customers
        self.positives = positives
        self.championAUC = championAUC
        self.challengerAUC = challengerAUC
        self.auc = auc
        self.championBrier = championBrier
        self.challengerBrier = challengerBrier
        self.brier = brier
    }
}
