public import ChurnCore
public import ChurnInsight

/// Puts together how models do, from what the store keeps.
public struct ModelHealthReport: Sendable {
    /// The configuration of a report.
    public struct Configuration: Hashable, Sendable {
        /// The number of days of outcomes that count.
        public var days: Int32 = 30
        /// The number of days of live scores that count.
        public var scoredDays: Int32 = 30
        /// The greatest age of a score when its outcome comes.
        public var horizon: Duration = .seconds(90 * 86_400)
        /// The least time between a score and its outcome: what is known only just before helps no one.
        public var lead: Duration = .zero
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
        let since = now.day - self.configuration.scoredDays
        let counts = try await self.records.modelCounts(since: since)
        let span = JudgementSpan(
            since: Timestamp(hour: (now.day - self.configuration.days) * 24),
            until: now.advanced(by: CustomerOutcome.clockTolerance),
            lead: self.configuration.lead, horizon: self.configuration.horizon)
        let judged = try await self.records.judgedScores(in: span)
        let roles = try await self.roles()
        let byVersion = Dictionary(grouping: Self.distinct(judged), by: \.version)
        let known = Set(roles.keys).union(byVersion.keys).union(counts.map(\.version))
        let models = known.sorted().map { version in
            Self.model(
                version, roles[version], scored: Self.scored(by: version, counts), judged: byVersion[version] ?? [])
        }
        let lineup = self.models.lineup
        let windows =
            if let lineup { try await self.windows(of: lineup.champion, counts, since: since, at: now) } else {
                [WindowDrift]()
            }
        return ModelHealth(
            models: models, drift: lineup.map { Self.drift(of: $0.champion, counts, windows, since: since) },
            thresholds: self.configuration.thresholds,
            challenger: lineup.flatMap { Self.challenger($0, counts, judged) }, windows: windows,
            outcomes: try await self.outcomes(in: span, judged))
    }

    private func outcomes(in span: JudgementSpan, _ judged: [JudgedScore]) async throws -> OutcomeSummary {
        let counts = try await self.records.outcomeCounts(in: span)
        let withScore = Set(judged.map(\.outcome)).count
        return OutcomeSummary(
            span: span, judged: withScore, tooOld: counts.earlier, withoutScore: max(0, counts.within - withScore),
            inFuture: counts.later)
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

    private func windows(
        of champion: LoadedModel, _ counts: [ModelCounts], since: Int32, at now: Timestamp
    ) async throws -> [WindowDrift] {
        let version = champion.identity.version
        // Against no score at all, every feature would seem to have moved as far as can be.
        guard let distribution = champion.distribution, Self.scored(by: version, counts) > 0 else { return [] }
        let hours = try await self.records.hourlyCounts(of: version, since: now.hour - 24)
        return DriftWindows(distribution, thresholds: self.configuration.thresholds).assess(
            hours: hours, days: counts.filter { $0.version == version }, since: since, at: now)
    }

    private static func drift(
        of champion: LoadedModel, _ counts: [ModelCounts], _ windows: [WindowDrift], since: Int32
    ) -> ModelHealth.DriftReport {
        let columns = windows.first { $0.window == .month }?.columns ?? []
        return ModelHealth.DriftReport(
            since: since, rows: Self.scored(by: champion.identity.version, counts),
            features: columns.dropLast(), scores: columns.last)
    }

    private static func challenger(
        _ lineup: ModelLineup, _ counts: [ModelCounts], _ judged: [JudgedScore]
    ) -> ModelHealth.Challenger? {
        guard let version = lineup.challenger?.identity.version else { return nil }
        let champion = lineup.champion.identity.version
        let series = CountSeries.shadow(of: champion)
        var sums = ShadowCounts().counts
        for day in counts where day.version == version && day.series == series && day.counts.count == sums.count {
            for (index, count) in day.counts.enumerated() { sums[index] += count }
        }
        return ModelHealth.Challenger(
            version: version, counts: ShadowCounts(counts: sums) ?? ShadowCounts(),
            judged: Self.comparison(of: version, with: champion, judged))
    }

    /// Compares two models on the outcomes that both have a score of the same event for; of a customer with several
    /// outcomes the last one counts, since they are not independent.
    private static func comparison(
        of challenger: String, with champion: String, _ judged: [JudgedScore]
    ) -> PairedComparison? {
        var pairs: [String: JudgedScore] = [:]
        for score in judged where score.version == challenger && score.champion?.version == champion {
            if let known = pairs[score.outcome.customerID], known.outcome.time > score.outcome.time { continue }
            pairs[score.outcome.customerID] = score
        }
        let both = pairs.values.sorted { $0.outcome.customerID < $1.outcome.customerID }
        return PairedComparison(
            champion: both.compactMap(\.champion?.probability), challenger: both.map(\.probability),
            labels: both.map(\.outcome.hasChurned))
    }
}
