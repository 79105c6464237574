/// The evaluation of a model's probabilities, fold by fold and on the whole.
public struct ModelEvaluation: Codable, Hashable, Sendable {
    /// All customers together, each scored by a model that had not seen them.
    public var pooled: ModelMetrics
    /// Each fold by itself.
    public var folds: [ModelMetrics]
    /// The means over the folds with their intervals, by the measure's name in reports.
    public var intervals: [String: MetricInterval]

    /// The names of the measures in reports, in their order.
    public static let measures = ["auc", "log_loss", "brier_score", "calibration_error", "lift_top_decile"]

    /// Measures probabilities, one for each label and fold.
    public init(probabilities: [Double], labels: [Bool], folds: [Int]) {
        self.pooled = ModelMetrics(probabilities: probabilities, labels: labels)
        let names = Set(folds).sorted()
        let parts = names.map { name in
            let places = folds.indices.filter { folds[$0] == name }
            return ModelMetrics(probabilities: places.map { probabilities[$0] }, labels: places.map { labels[$0] })
        }
        self.folds = parts
        self.intervals = Dictionary(
            uniqueKeysWithValues: Self.measures.map { measure in
                (
                    measure,
                    MetricInterval(parts.map { $0.measure(measure) }, testShare: 1 / Double(max(names.count, 2)))
                )
            })
    }
}

extension ModelMetrics {
    /// A measure by its name in reports; 0 for one that was not measured.
    public func measure(_ name: String) -> Double {
        switch name {
        case "auc": self.auc
        case "log_loss": self.logLoss
        case "brier_score": self.brierScore
        case "calibration_error": self.calibrationError ?? 0
        case "lift_top_decile": self.liftTopDecile ?? 0
        default: 0
        }
    }
}
