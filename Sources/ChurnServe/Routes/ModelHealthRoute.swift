import ChurnCore
import ChurnInsight
import Hummingbird

/// `GET /api/model-health`: how models do, by what became of customers and by what they see.
struct ModelHealthRoute: EndpointGroup {
    let dependencies: APIDependencies

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/api/model-health", .reading, id: "modelHealth", .scoring, "How models do",
                notes: """
                    By outcomes that came later, and by how far live customers are from those of training. Up to a \
                    minute old.
                    """,
                refusesOtherParameters: true, answers: [.ok("The figures.", Self.health.schema), .unavailable]
            ) { _, _ in
                let health = try await self.dependencies.ask { queries in
                    try await queries.modelHealth?.modelHealth()
                        ?? ModelHealth(models: [], drift: nil, thresholds: DriftThresholds(), challenger: nil)
                }
                return Self.health.response(health)
            }
        ]
    }

    private static let health = Shape<ModelHealth>(
        "ModelHealth",
        [
            Field("models", Self.model, list: { $0.models }),
            Field("drift", Self.drift, object: { $0.drift }),
            Field("thresholds", Self.thresholds, object: { $0.thresholds }),
            Field("challenger", Self.challenger, objectOrNull: { $0.challenger }),
            Field(
                "windows", Self.window,
                "Drift over an hour, a day and 30 days; empty without a model that has a training distribution.",
                list: { $0.windows }),
            Field(
                "drift_episodes", Self.episode, "The times of drift that last or ended in the last 30 days.",
                list: { $0.episodes }),
            Field("outcomes", Self.outcomes, objectOrNull: { $0.outcomes }),
        ])

    // MARK: Outcomes

    private static let model = Shape<ModelHealth.Model>([
        Field("model_version") { $0.version },
        Field("role") { $0.role },
        Field("scored") { $0.scored },
        Field("outcomes") { $0.quality.outcomes },
        Field("positives") { $0.quality.positives },
        Field("auc") { $0.quality.auc },
        Field("brier") { $0.quality.brier },
        Field("calibration_error") { $0.calibrationError },
        Field("lift_top_decile") { $0.liftTopDecile },
        Field("calibration", Self.calibration, list: { $0.calibration }),
        Field("by_day", Self.day, list: { $0.byDay }),
    ])

    private static let calibration = Shape<ModelHealth.CalibrationPoint>([
        Field("predicted") { $0.predicted },
        Field("observed") { $0.observed },
        Field("count") { $0.count },
    ])

    private static let day = Shape<ModelHealth.Day>([
        Field("day", schema: Self.dateSchema) { Self.date($0.day) },
        Field("outcomes") { $0.quality.outcomes },
        Field("auc") { $0.quality.auc },
        Field("brier") { $0.quality.brier },
    ])

    private static let outcomes = Shape<OutcomeSummary>([
        Field("since", "The first time of outcomes that count.") { $0.span.since },
        Field("lead_seconds", "The least time between a score and its outcome.") { $0.span.lead.wholeSeconds },
        Field("horizon_seconds", "The age from which a score is too old.") { $0.span.horizon.wholeSeconds },
        Field("judged", "Outcomes with a score to be held against.") { $0.judged },
        Field("too_old", "Outcomes from before `since`.") { $0.tooOld },
        Field("without_score", "Outcomes without a score between the horizon and the lead before them.") {
            $0.withoutScore
        },
        Field("in_future", "Outcomes that are dated later than now.") { $0.inFuture },
    ])

    // MARK: Drift

    /// Without a champion its members are null, zero or empty.
    private static let drift = Shape<ModelHealth.DriftReport?>([
        Field("since", schema: Self.dateSchema.orNull()) { report in report.map { Self.date($0.since) } },
        Field("rows") { report -> Int64 in report?.rows ?? 0 },
        Field("features", Self.feature, list: { $0?.features ?? [] }),
        Field("scores", Self.scores, object: { $0?.scores }),
    ])

    private static let feature = Shape<ModelHealth.DriftLine>([
        Field("feature") { $0.name },
        Field("psi") { $0.drift.psi },
        Field("ks") { $0.drift.ks },
        Field("status") { $0.status },
    ])

    private static let scores = Shape<ModelHealth.DriftLine?>([
        Field("psi") { $0?.drift.psi },
        Field("ks") { $0?.drift.ks },
        Field("status") { line -> DriftStatus in line?.status ?? .insufficient },
    ])

    private static let window = Shape<WindowDrift>([
        Field("window") { $0.window },
        Field("since") { $0.since },
        Field("rows") { $0.rows },
        Field("columns", Self.feature, "The features, then the scores as `score`.", list: { $0.columns }),
    ])

    private static let episode = Shape<DriftEpisode>([
        Field("drift_id") { $0.id },
        Field("model_version") { $0.version },
        Field("columns") { $0.columns },
        Field("window", "The shortest window that showed it.") { $0.window },
        Field("began_at") { $0.began },
        Field("ended_at", "Null while it lasts.") { $0.ended },
    ])

    private static let thresholds = Shape<DriftThresholds>([
        Field("psi_warning") { $0.psiWarning },
        Field("psi_alarm") { $0.psiAlarm },
        Field("ks_warning") { $0.ksWarning },
        Field("ks_alarm") { $0.ksAlarm },
        Field("minimum_rows") { $0.minimumRows },
    ])

    // MARK: The challenger

    private static let challenger = Shape<ModelHealth.Challenger>([
        Field("model_version") { $0.version },
        Field("scored") { $0.counts.scored },
        Field("mean_difference") { $0.counts.meanDifference },
        Field("disagreement_share") { $0.counts.share($0.counts.otherBand) },
        Field("alert_disagreement_share") { $0.counts.share($0.counts.otherAlert) },
        Field("alerts_champion") { $0.counts.championAlerts },
        Field("alerts_challenger") { $0.counts.challengerAlerts },
        Field(
            "judged", Self.judged, "Both by the outcomes of the same customers; null while there are none.",
            objectOrNull: { $0.judged }),
    ])

    private static let judged = Shape<PairedComparison>([
        Field("customers") { $0.customers },
        Field("positives") { $0.positives },
        Field("auc_champion") { $0.championAUC },
        Field("auc_challenger") { $0.challengerAUC },
        Field("auc_difference", Self.difference, objectOrNull: { $0.auc }),
        Field("brier_champion") { $0.championBrier },
        Field("brier_challenger") { $0.challengerBrier },
        Field("brier_difference", Self.difference, objectOrNull: { $0.brier }),
    ])

    /// Challenger less champion, with the 95 % interval.
    private static let difference = Shape<PairedComparison.Difference>([
        Field("value") { $0.value },
        Field("lower") { $0.lower },
        Field("upper") { $0.upper },
    ])

    // MARK: Days

    private static let dateSchema = Schema.raw(type: "string", ["format": JSONText.quoted("date")])

    private static func date(_ day: Int32) -> String {
        String(Timestamp(microseconds: Int64(day) * 86_400_000_000).iso8601.prefix(10))
    }
}

extension DriftStatus: NamedAnswerValue {}
extension DriftWindow: NamedAnswerValue {}

extension Duration {
    fileprivate var wholeSeconds: Int64 { self.components.seconds }
}

extension ShadowCounts {
    /// A count for each event that both have scored; nil where there is none.
    fileprivate func share(_ count: Int64) -> Double? {
        self.scored > 0 ? Double(count) / Double(self.scored) : nil
    }

    /// By how much the challenger's scores are higher, in the mean.
    fileprivate var meanDifference: Double? { self.share(self.difference).map { $0 / 1e6 } }
}
