/// The measures of a cross-validation.
public struct CrossValidation: Hashable, Sendable {
    /// The measures on one fold of a model that had not seen it.
    public struct Fold: Hashable, Sendable {
        /// The name of the repetition.
        public var column: String
        /// The fold's number.
        public var number: Int
        /// The number of trees in the model.
        public var rounds: Int
        /// The measures of the calibrated scores.
        public var metrics: ModelMetrics
        /// The measures of the booster's scores before calibration.
        public var uncalibrated: ModelMetrics
    }

    /// The probabilities of all customers in one repetition, each by a model that had not seen them.
    public struct Repetition: Hashable, Sendable {
        /// The name of the repetition.
        public var column: String
        /// Calibrated probabilities, in the customers' order.
        public var probabilities: [Float]
    }

    /// Every fold of every repetition.
    public var folds: [Fold]
    /// The customers' probabilities in every repetition.
    public var repetitions: [Repetition] = []

    /// The names of the repetitions, in their order.
    public var columns: [String] {
        self.folds.map(\.column).reduce(into: []) { names, name in
            if names.last != name { names.append(name) }
        }
    }

    /// One repetition alone.
    public func repetition(_ column: String) -> CrossValidation {
        CrossValidation(folds: self.folds.filter { $0.column == column })
    }

    /// The mean of a metric over all folds.
    public func mean(_ metric: (ModelMetrics) -> Double) -> Double {
        self.folds.reduce(0) { $0 + metric($1.metrics) } / Double(max(self.folds.count, 1))
    }

    /// The standard deviation of a metric over all folds.
    public func deviation(_ metric: (ModelMetrics) -> Double) -> Double {
        let mean = self.mean(metric)
        let squares = self.folds.reduce(0) { $0 + (metric($1.metrics) - mean) * (metric($1.metrics) - mean) }
        return (squares / Double(max(self.folds.count, 1))).squareRoot()
    }
}
