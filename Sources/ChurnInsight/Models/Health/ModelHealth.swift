/// The health of models, by the outcomes of customers and by the features that they see.
public struct ModelHealth: Hashable, Sendable {
    /// Scores that were held against outcomes.
    public struct Quality: Hashable, Sendable {
        /// The number of outcomes.
        public var outcomes: Int
        /// The number of those that left.
        public var positives: Int
        /// The area under the ROC curve; nil where only one outcome occurs.
        public var auc: Double?
        /// The mean squared difference between score and outcome; nil without outcomes.
        public var brier: Double?

        /// Creates figures.
        public init(outcomes: Int, positives: Int, auc: Double?, brier: Double?) {
            self.outcomes = outcomes
            self.positives = positives
            self.auc = auc
            self.brier = brier
        }
    }

    /// The figures of one day.
    public struct Day: Hashable, Sendable {
        /// The day, in days since 1970.
        public var day: Int32
        /// The outcomes of that day.
        public var quality: Quality

        /// Creates a day's figures.
        public init(day: Int32, quality: Quality) {
            self.day = day
            self.quality = quality
        }
    }

    /// A challenger beside the champion.
    public struct Challenger: Hashable, Sendable {
        /// Its version.
        public var version: String
        /// The comparison.
        public var counts: ShadowCounts
        /// The comparison by outcomes; nil while no outcome judges both.
        public var judged: PairedComparison?

        /// Creates a comparison.
        public init(version: String, counts: ShadowCounts, judged: PairedComparison? = nil) {
            self.version = version
            self.counts = counts
            self.judged = judged
        }
    }

    /// Customers of about the same score.
    public struct CalibrationPoint: Hashable, Sendable {
        /// Their mean score.
        public var predicted: Double
        /// The share of them who left.
        public var observed: Double
        /// The number of scores.
        public var count: Int

        /// Creates a point.
        public init(predicted: Double, observed: Double, count: Int) {
            self.predicted = predicted
            self.observed = observed
            self.count = count
        }
    }

    /// One model.
    public struct Model: Hashable, Sendable {
        /// Its version.
        public var version: String
        /// Its role; nil where it is not registered and does not serve here.
        public var role: ModelRole?
        /// The number of live scores.
        public var scored: Int64
        /// All outcomes together.
        public var quality: Quality
        /// The expected calibration error; nil without outcomes.
        public var calibrationError: Double?
        /// The ratio of leavers in the highest tenth to those in all; nil without outcomes.
        public var liftTopDecile: Double?
        /// The calibration curve.
        public var calibration: [CalibrationPoint]
        /// The figures of each day of outcomes, oldest first.
        public var byDay: [Day]

        /// Creates a model's figures.
        public init(
            version: String, role: ModelRole?, scored: Int64, quality: Quality, calibrationError: Double?,
            liftTopDecile: Double?, calibration: [CalibrationPoint], byDay: [Day]
        ) {
            self.version = version
            self.role = role
            self.scored = scored
            self.quality = quality
            self.calibrationError = calibrationError
            self.liftTopDecile = liftTopDecile
            self.calibration = calibration
            self.byDay = byDay
        }
    }

    /// The distance of one feature, or of the scores, from training.
    public struct DriftLine: Hashable, Sendable {
        /// The feature's name, or `score`.
        public var name: String
        /// The measures.
        public var drift: Drift
        /// The assessment.
        public var status: DriftStatus
        /// Whether an alarm that was raised before is over.
        package var isOver = false

        /// Creates a line.
        public init(name: String, drift: Drift, status: DriftStatus) {
            self.name = name
            self.drift = drift
            self.status = status
        }
    }

    /// The champion's drift.
    public struct DriftReport: Hashable, Sendable {
        /// The first day that counts, in days since 1970.
        public var since: Int32
        /// The number of live scores.
        public var rows: Int64
        /// The features, in the schema's order; empty where the bundle has no training distribution.
        public var features: [DriftLine]
        /// The scores; nil where the bundle has no training distribution.
        public var scores: DriftLine?

        /// Creates a report.
        public init(since: Int32, rows: Int64, features: [DriftLine], scores: DriftLine?) {
            self.since = since
            self.rows = rows
            self.features = features
            self.scores = scores
        }
    }

    /// The models that served, were compared, or serve.
    public var models: [Model]
    /// The drift of the champion's customers from those that it learned from; nil without a champion.
    public var drift: DriftReport?
    /// The thresholds of drift.
    public var thresholds: DriftThresholds
    /// The comparison of the challenger; nil without one.
    public var challenger: Challenger?
    /// The drift over an hour, a day and 30 days; empty without a champion that has a training distribution.
    public var windows: [WindowDrift]
    /// The episodes of drift that last or ended lately, oldest first.
    public var episodes: [DriftEpisode]
    /// What was judged, and why the rest was not; nil where no one counted.
    public var outcomes: OutcomeSummary?

    /// Creates figures.
    public init(
        models: [Model], drift: DriftReport?, thresholds: DriftThresholds, challenger: Challenger?,
        windows: [WindowDrift] = [], episodes: [DriftEpisode] = [], outcomes: OutcomeSummary? = nil
    ) {
        self.models = models
        self.drift = drift
        self.thresholds = thresholds
        self.challenger = challenger
        self.windows = windows
        self.episodes = episodes
        self.outcomes = outcomes
    }
}

/// Reports the health of models.
public protocol ModelHealthSource: Sendable {
    /// The figures of this moment, or of a short while ago.
    func modelHealth() async throws -> ModelHealth
}
