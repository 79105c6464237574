public import ChurnCore
public import CoreMetrics
public import Foundation

/// Scores customers with a model bundle.
///
/// Thread-safe: one booster serves all threads. libxgboost runs single-threaded on a few threads of the predictor's
/// own; a large batch is split over them. A row's score does not depend on the batch that it is in.
public struct XGBoostPredictor: Predictor {
    /// A shard is not worth a thread of its own below this many rows.
    private static let smallestShard = 256

    /// The model that makes the scores.
    public let model: ModelIdentity
    /// All that the bundle says about the model.
    public let manifest: ModelManifest
    /// The distribution of the customers that the model learned from; nil where the bundle has none.
    public let distribution: TrainingDistribution?
    private let scorer: ModelScorer
    let explaining: ModelExplainer
    private let threads: ScoringThreads

    /// Creates a predictor of a bundle that was trained or loaded.
    ///
    /// - `threads`: how many threads score; by default one for each processor, at most 4.
    public init(
        bundle: ModelBundle, threads: Int = min(ProcessInfo.processInfo.activeProcessorCount, 4)
    ) {
        self.init(bundle: bundle, threads: ScoringThreads(count: threads, label: "churn.predictor"))
    }

    /// The same predictor, which counts missing values and unknown categories by feature.
    public func counting(with factory: any MetricsFactory) -> XGBoostPredictor {
        var scorer = self.scorer
        scorer.gapCounters = GapCounters(features: scorer.encoder.spec.features.map(\.name), factory: factory)
        return XGBoostPredictor(
            manifest: self.manifest, distribution: self.distribution, scorer: scorer, threads: self.threads)
    }

    /// The booster's own scores before calibration, in the rows' order: what other programs make of the booster.
    public func boosterScores(_ rows: [[FeatureValue]]) async throws -> [Double] {
        try await self.threads.run { [scorer = self.scorer] in
            try scorer.boosterScores(of: rows[...]).map { Double($0) }
        }
    }

    private init(bundle: ModelBundle, threads: ScoringThreads) {
        self.init(
            manifest: bundle.manifest, distribution: bundle.distribution, scorer: bundle.scorer, threads: threads)
    }

    private init(
        manifest: ModelManifest, distribution: TrainingDistribution?, scorer: ModelScorer, threads: ScoringThreads
    ) {
        self.model = ModelIdentity(version: manifest.version)
        self.manifest = manifest
        self.distribution = distribution
        self.scorer = scorer
        self.explaining = ModelExplainer(scorer)
        self.threads = threads
    }

    /// Loads a bundle, all checks made, without blocking the caller's thread.
    ///
    /// - Throws: ``/ChurnCore/ChurnError/Code/modelRefused`` where the bundle is damaged, altered or made for another domain.
    public static func load(
        at path: String, for domain: Domain, limits: BundleLimits = BundleLimits(),
        threads: Int = min(ProcessInfo.processInfo.activeProcessorCount, 4)
    ) async throws -> XGBoostPredictor {
        let threads = ScoringThreads(count: threads, label: "churn.predictor")
        let bundle = try await threads.run { try ModelBundle.load(at: path, for: domain, limits: limits) }
        return XGBoostPredictor(bundle: bundle, threads: threads)
    }

    /// A thread of the predictor's own, on which its calls for a small batch are made in place.
    public var executor: (any TaskExecutor)? { self.threads }

    /// The churn probability of each row, in the rows' order.
    public func predict(_ rows: [[FeatureValue]]) async throws -> [Double] {
        try await self.sharded(rows.count, atLeast: Self.smallestShard) { [scorer = self.scorer] range in
            try scorer.scores(of: rows[range]).map { Double($0) }
        }
    }

    /// Splits rows over the threads, and puts what they make together in the rows' order.
    func sharded<Output: Sendable>(
        _ count: Int, atLeast smallest: Int, _ work: @escaping @Sendable (Range<Int>) throws -> [Output]
    ) async throws -> [Output] {
        guard count > 0 else { return [] }
        let shards = min(self.threads.count, max(count / smallest, 1))
        guard shards > 1 else { return try await self.threads.run { try work(0..<count) } }
        return try await withThrowingTaskGroup(of: (shard: Int, outputs: [Output]).self) { group in
            for shard in 0..<shards {
                let range = count * shard / shards..<count * (shard + 1) / shards
                group.addTask { (shard, try await self.threads.runElsewhere { try work(range) }) }
            }
            var parts: [[Output]] = Array(repeating: [], count: shards)
            for try await part in group { parts[part.shard] = part.outputs }
            return parts.flatMap { $0 }
        }
    }
}
