import ChurnCore

/// Trains models.
///
/// The same data, options and seed give the same bundle, byte for byte, unless a search was given a budget in seconds.
public struct ModelTrainer: Sendable {
    private static let fewestOfALabel = 20

    /// The options of the training.
    public let options: TrainingOptions

    /// Creates a trainer.
    ///
    /// - Throws: where an option is out of its range.
    public init(options: TrainingOptions = TrainingOptions()) throws {
        if let fault = options.fault {
            throw ChurnError(
                .invalidConfiguration, .fatal, during: "read training options", advice: fault)
        }
        self.options = options
    }

    /// Trains a model on all customers and measures the procedure on folds, on a thread of its own.
    ///
    /// - `progress`: called after every tree, on the training thread.
    public func train(
        _ data: TrainingData, progress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
    ) async throws -> ModelBundle {
        try await Self.thread().run {
            let places = Array(0..<data.count)
            try Self.checkLabels(data, places)
            var random = SeededRandom(seed: self.options.seed)
            let fit = try ModelFit(data: data, options: self.options, progress: progress).run(places, using: &random)
            return try ModelBundle(fit, of: data, options: self.options)
        }
    }

    /// Measures the whole procedure by cross-validation on given folds, on a thread of its own.
    ///
    /// Search, number of trees and calibration see no customer of the fold that is measured.
    ///
    /// - `foldColumns`: for each repetition the fold's number of each customer, as ``FoldFile`` reads them.
    public func crossValidate(
        _ data: TrainingData, foldColumns: [FoldColumn],
        progress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
    ) async throws -> CrossValidation {
        try await Self.thread().run { try self.crossValidateBlocking(data, foldColumns, progress) }
    }

    private static func thread() -> ScoringThreads { ScoringThreads(count: 1, label: "churn.training") }

    private func crossValidateBlocking(
        _ data: TrainingData, _ columns: [FoldColumn], _ progress: @escaping @Sendable (TrainingProgress) -> Void
    ) throws -> CrossValidation {
        var result = CrossValidation(folds: [])
        let total = columns.reduce(0) { $0 + Set($1.folds).count }
        for column in columns {
            var probabilities = Array(repeating: Float(0), count: data.count)
            for fold in Set(column.folds).sorted() {
                let rest = (0..<data.count).filter { column.folds[$0] != fold }
                let taken = (0..<data.count).filter { column.folds[$0] == fold }
                try Self.checkLabels(data, rest)
                let number = result.folds.count
                var random = SeededRandom(seed: self.options.seed, stream: UInt64(number))
                let fit = try ModelFit(
                    data: data, options: self.options, fold: number + 1, folds: total, progress: progress
                ).run(rest, using: &random)
                let scores = try Self.scores(fit.booster, data, taken)
                let calibrated = scores.map { fit.calibration?.probability(of: $0) ?? $0 }
                for (place, probability) in zip(taken, calibrated) { probabilities[place] = probability }
                let labels = taken.map { data.labels[$0] }
                result.folds.append(
                    CrossValidation.Fold(
                        column: column.name, number: fold, rounds: fit.outOfFold.rounds,
                        metrics: ModelMetrics(probabilities: calibrated.map { Double($0) }, labels: labels),
                        uncalibrated: ModelMetrics(probabilities: scores.map { Double($0) }, labels: labels)))
            }
            result.repetitions.append(
                CrossValidation.Repetition(column: column.name, probabilities: probabilities))
        }
        return result
    }

    private static func checkLabels(_ data: TrainingData, _ places: [Int]) throws {
        let positives = places.count { data.labels[$0] }
        guard min(positives, places.count - positives) >= Self.fewestOfALabel else {
            throw ChurnError(
                .invalidFile, .fatal, during: "train a model",
                advice: """
                    there are \(positives) customers who left and \(places.count - positives) who stayed to learn from; \
                    at least \(Self.fewestOfALabel) of each are needed
                    """)
        }
    }

    private static func scores(_ booster: [UInt8], _ data: TrainingData, _ places: [Int]) throws -> [Float] {
        try XGBoostLibrary.run(
            .internalError, .fatal, during: "measure a model", advice: "libxgboost cannot use what it has made"
        ) { try Booster(bytes: booster).predict(data.rows(places)) }
    }
}
