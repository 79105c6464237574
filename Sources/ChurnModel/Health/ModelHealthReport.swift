import ChurnCore
import ChurnInsight

/// Puts together how models do, from what the store keeps.
public struct ModelHealthReport: Sendable {
    /// The configuration of a report.
    public struct Configuration: Hashable, Sendable {
        /// The number of days of outcomes and of live scores that count.
        public var days: Int32 = 30
        /// The greatest age of a score when its outcome comes.
        public var horizon: Duration = .seconds(90 * 86_400)
        /// The thresholds of drift.
        public var thresholds = DriftThresholds()
        /// Creates the default configuration.
        public init() {}
    }

    private let records: any ModelRecords
    private let registry: (any ModelRegistry)?
    private let models: ModelSlot
    private let domain: Domain
    private let configuration: Configuration

    /// Creates a report over a store.
    ///
    /// - `registry`: names the models' roles; nil for the slot's alone.
    /// - `models`: hold the champion, whose training distribution drift is measured against.
    public init(
        records: any ModelRecords, registry: (any ModelRegistry)?, models: ModelSlot, domain: Domain,
        configuration: Configuration = Configuration()
    ) {
        self.records = records
        self.registry = registry
        self.models = models
        self.domain = domain
        self.configuration = configuration
    }

    /// The figures at a time.
    public func health(at now: Timestamp) async throws -> ModelHealth {
        let since = now.day - self.configuration.days
        let counts = try await self.records.modelCounts(since: since)
        let judged = try await self.records.judgedScores(
            since: Timestamp(microseconds: Int64(since) * 86_400_000_000), horizon: self.configuration.horizon)
        let roles = try await self.roles()
        let byVersion = Dictionary(grouping: Self.distinct(judged), by: \.version)
        let known = Set(roles.keys).union(byVersion.keys).union(counts.map(\.version))
        let models = known.sorted().map { version in
            Self.model(
                version, roles[version], scored: Self.scored(by: version, counts), judged: byVersion[version] ?? [])
        }
        let lineup = self.models.lineup
        return ModelHealth(
            models: models, drift: lineup.map { self.drift(of: $0.champion, counts, since: since) },
            thresholds: self.configuration.thresholds, challenger: lineup.flatMap { Self.challenger($0, counts) })
    }

    private func roles() async throws -> [String: ModelRole] {
        var roles: [String: ModelRole] = [:]
        if let registry {
            for model in try await registry.models(of: self.domain.name) { roles[model.version] = model.role }
        }
        if let lineup = self.models.lineup {
            roles[lineup.champion.identity.version] = .champion
            if let challenger = lineup.challenger { roles[challenger.identity.version] = .challenger }
        }
        return roles
    }

    /// One score for each outcome and model: a model that rose from challenger to champion may have two.
    private static func distinct(_ judged: [JudgedScore]) -> [JudgedScore] {
        struct Key: Hashable {
            var outcome: CustomerOutcome
            var version: String
        }
        return Array(
            Dictionary(
                judged.map { (Key(outcome: $0.outcome, version: $0.version), $0) },
                uniquingKeysWith: { $0.scored >= $1.scored ? $0 : $1 }
            ).values)
    }

    private static func scored(by version: String, _ counts: [ModelCounts]) -> Int64 {
        counts.filter { $0.version == version && $0.series == .scores }.reduce(0) { $0 + $1.counts.reduce(0, +) }
    }

    private static func model(
        _ version: String, _ role: ModelRole?, scored: Int64, judged: [JudgedScore]
    ) -> ModelHealth.Model {
        let probabilities = judged.map(\.probability)
        let labels = judged.map(\.outcome.hasChurned)
        let days = Dictionary(grouping: judged) { $0.outcome.time.day }.sorted { $0.key < $1.key }
        return ModelHealth.Model(
            version: version, role: role, scored: scored, quality: Self.quality(judged),
            calibrationError: judged.isEmpty ? nil : ModelMetrics.calibrationError(probabilities, labels),
            liftTopDecile: labels.contains(true) ? ModelMetrics.lift(probabilities, labels) : nil,
            calibration: ModelMetrics.equalMassBins(probabilities, labels, count: 10).map {
                ModelHealth.CalibrationPoint(
                    predicted: $0.meanProbability, observed: $0.observedRate, count: $0.count)
            }, byDay: days.map { ModelHealth.Day(day: $0.key, quality: Self.quality($0.value)) })
    }

    private static func quality(_ judged: [JudgedScore]) -> ModelHealth.Quality {
        let probabilities = judged.map(\.probability)
        let labels = judged.map(\.outcome.hasChurned)
        let positives = labels.count { $0 }
        let hasBoth = positives > 0 && positives < labels.count
        return ModelHealth.Quality(
            outcomes: judged.count, positives: positives, auc: hasBoth ? ModelMetrics.auc(probabilities, labels) : nil,
            brier: judged.isEmpty ? nil : ModelMetrics.brierScore(probabilities, labels))
    }

    private func drift(of champion: LoadedModel, _ counts: [ModelCounts], since: Int32) -> ModelHealth.DriftReport {
        let version = champion.identity.version
        let rows = Self.scored(by: version, counts)
        // Against no score at all, every feature would seem to have moved as far as can be.
        guard rows > 0, let distribution = champion.distribution else {
            return ModelHealth.DriftReport(since: since, rows: rows, features: [], scores: nil)
        }
        let own = Dictionary(grouping: counts.filter { $0.version == version }, by: \.series)
        func line(_ histogram: Histogram, _ series: CountSeries) -> ModelHealth.DriftLine {
            var live = Array(repeating: Int64(0), count: histogram.counts.count)
            for day in own[series] ?? [] where day.counts.count == live.count {
                for (index, count) in day.counts.enumerated() { live[index] += count }
            }
            let drift = Drift(histogram, live: live)
            return ModelHealth.DriftLine(
                name: histogram.name, drift: drift,
                status: self.configuration.thresholds.status(drift, rows: live.reduce(0, +)))
        }
        return ModelHealth.DriftReport(
            since: since, rows: rows, features: distribution.features.map { line($0, .feature($0.name)) },
            scores: line(distribution.scores, .scores))
    }

    private static func challenger(_ lineup: ModelLineup, _ counts: [ModelCounts]) -> ModelHealth.Challenger? {
        guard let version = lineup.challenger?.identity.version else { return nil }
        let series = CountSeries.shadow(of: lineup.champion.identity.version)
        var sums = ShadowCounts().counts
        for day in counts where day.version == version && day.series == series && day.counts.count == sums.count {
            for (index, count) in day.counts.enumerated() { sums[index] += count }
        }
        return ModelHealth.Challenger(version: version, counts: ShadowCounts(counts: sums) ?? ShadowCounts())
    }
}
