/// The measures of how well probabilities fit the outcomes.
public struct ModelMetrics: Codable, Hashable, Sendable {
    /// Customers whose probability fell into one stretch.
    public struct CalibrationBin: Codable, Hashable, Sendable {
        /// The stretch's lower bound.
        public var lower: Double
        /// The stretch's upper bound.
        public var upper: Double
        /// The number of customers in it.
        public var count: Int
        /// Their mean probability.
        public var meanProbability: Double
        /// The share of them who left.
        public var observedRate: Double
    }

    /// The number of customers that were scored.
    public var rows: Int
    /// The number of those that left.
    public var positives: Int
    /// The chance that one who left has a higher probability than one who stayed.
    public var auc: Double
    /// The mean logarithmic loss.
    public var logLoss: Double
    /// The mean squared difference between probability and outcome.
    public var brierScore: Double
    /// The expected calibration error over 15 bins of equal size; nil in bundles that were made before it was measured.
    public var calibrationError: Double?
    /// The ratio of leavers in the highest tenth to those in all; nil in bundles made before it was measured.
    public var liftTopDecile: Double?
    /// Ten stretches of equal width; those without a customer are left out.
    public var calibration: [CalibrationBin]

    /// Measures probabilities, one for each label.
    public init(probabilities: [Double], labels: [Bool]) {
        self.rows = labels.count
        self.positives = labels.count { $0 }
        self.auc = Self.auc(probabilities, labels)
        self.logLoss = Self.logLoss(probabilities, labels)
        self.brierScore = Self.brierScore(probabilities, labels)
        self.calibrationError = Self.calibrationError(probabilities, labels)
        self.liftTopDecile = Self.lift(probabilities, labels)
        self.calibration = Self.equalWidthBins(probabilities, labels)
    }
}
