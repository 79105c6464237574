import ChurnCore
import Crypto

/// Trains models.
///
/// The same data, options and seed give the same bundle, byte for byte.
public struct ModelTrainer: Sendable {
    private static let fewestOfALabel = 20

    /// What training does.
    public let options: TrainingOptions

    /// Creates a trainer.
    ///
    /// - Throws: where an option is out of its range.
    public init(options: TrainingOptions = TrainingOptions()) throws {
        func isShare(_ number: Double) -> Bool { number > 0 && number < 1 }
        guard isShare(options.holdoutShare), isShare(options.validationShare), options.maximumRounds > 0,
            options.patience > 0, options.maximumDepth > 0, options.learningRate > 0, options.learningRate.isFinite
        else {
            throw ChurnError(
                .invalidConfiguration, .fatal, during: "read training options",
                advice: "shares lie between 0 and 1; rounds, patience, depth and learning rate are above 0")
        }
        self.options = options
    }

    /// Trains a model and measures it on customers that it has not seen, on a thread of its own.
    ///
    /// - Parameter progress: called after every tree, on the training thread.
    public func train(
        _ data: TrainingData, progress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
    ) async throws -> ModelBundle {
        try await Self.thread().run { try self.trainBlocking(data, progress) }
    }

    /// Measures the options by cross-validation on given folds, on a thread of its own.
    ///
    /// - Parameter foldColumns: for each repetition the fold's number of each customer, as ``FoldFile`` reads them.
    public func crossValidate(
        _ data: TrainingData, foldColumns: [FoldColumn],
        progress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
    ) async throws -> CrossValidation {
        try await Self.thread().run { try self.crossValidateBlocking(data, foldColumns, progress) }
    }

    private static func thread() -> ScoringThreads { ScoringThreads(count: 1, label: "churn.training") }

    private func trainBlocking(
        _ data: TrainingData, _ progress: @escaping @Sendable (TrainingProgress) -> Void
    ) throws -> ModelBundle {
        try Self.checkLabels(data, Array(0..<data.count))
        var random = SeededRandom(seed: self.options.seed)
        let split = StratifiedSplit(
            of: Array(0..<data.count), labels: data.labels, share: self.options.holdoutShare, using: &random)
        let fit = try BoosterFit(data: data, options: self.options, progress: progress)
            .fit(split.rest, using: &random)
        let metrics = try Self.metrics(of: fit.bytes, data, split.taken)
        return try self.bundle(data, fit.bytes, rounds: fit.rounds, metrics)
    }

    private func crossValidateBlocking(
        _ data: TrainingData, _ columns: [FoldColumn], _ progress: @escaping @Sendable (TrainingProgress) -> Void
    ) throws -> CrossValidation {
        let folds = columns.flatMap { column in Set(column.folds).sorted().map { (column: column, fold: $0) } }
        let results = try folds.enumerated().map { index, entry in
            let rest = (0..<data.count).filter { entry.column.folds[$0] != entry.fold }
            let taken = (0..<data.count).filter { entry.column.folds[$0] == entry.fold }
            try Self.checkLabels(data, rest)
            var random = SeededRandom(seed: self.options.seed, stream: UInt64(index))
            let fit = try BoosterFit(
                data: data, options: self.options, fold: index + 1, folds: folds.count, progress: progress
            ).fit(rest, using: &random)
            return CrossValidation.Fold(
                column: entry.column.name, number: entry.fold, rounds: fit.rounds,
                metrics: try Self.metrics(of: fit.bytes, data, taken))
        }
        return CrossValidation(folds: results)
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

    private static func metrics(of booster: [UInt8], _ data: TrainingData, _ places: [Int]) throws -> ModelMetrics {
        let scores = try XGBoostLibrary.run(
            .internalError, .fatal, during: "measure a model", advice: "libxgboost cannot use what it has made"
        ) { try Booster(bytes: booster).predict(data.rows(places)) }
        return ModelMetrics(probabilities: scores.map { Double($0) }, labels: places.map { data.labels[$0] })
    }

    private func bundle(
        _ data: TrainingData, _ booster: [UInt8], rounds: Int, _ metrics: ModelMetrics
    ) throws -> ModelBundle {
        let loaded = try XGBoostLibrary.run(
            .internalError, .fatal, during: "make a bundle", advice: "libxgboost cannot use what it has made"
        ) { try Booster(bytes: booster) }
        let scorer = ModelScorer(encoder: data.encoder, booster: loaded)
        let spec = data.encoder.spec
        let golden = GoldenRow.inventedFeatures(spec: spec, ranges: data.ranges)
        let file = ModelManifest.FileRecord(
            name: "booster.\(self.options.format.rawValue)", bytes: booster.count, sha256: SHA256.hex(of: booster))
        let manifest = ModelManifest(
            format: ModelManifest.currentFormat,
            version: ModelBundle.version(domain: data.domainName, encoder: spec, boosterDigest: file.sha256),
            domain: data.domainName, library: "xgboost", libraryVersion: XGBoostLibrary.version, encoder: spec,
            encoderDigest: spec.digest, columns: spec.columns,
            training: ModelManifest.TrainingRecord(
                dataDigest: data.digest, rows: data.count, positives: data.labels.count { $0 },
                seed: self.options.seed, rounds: rounds, parameters: self.options.parameters),
            metrics: metrics, booster: file,
            golden: zip(golden, try scorer.scores(of: golden[...])).map { GoldenRow(features: $0, score: $1) })
        return ModelBundle(manifest: manifest, boosterBytes: booster, scorer: scorer)
    }
}
