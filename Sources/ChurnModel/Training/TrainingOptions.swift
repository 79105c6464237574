public import ChurnCore
import Crypto

/// The form of a booster's file.
public enum BoosterFormat: String, Hashable, Sendable, CaseIterable {
    /// libxgboost's binary JSON: smaller and faster to load.
    case ubj
    /// Plain JSON, which people and other programs can read.
    case json
}

/// The options of training, with their defaults.
///
/// The defaults were chosen by cross-validation on the public Telco file (evidence/README.md): shallow trees in small
/// steps, each of which sees some of the rows and, at every question, some of the columns.
public struct TrainingOptions: Hashable, Sendable {
    /// Decides folds, search and sampling: the same data, options and seed give the same files.
    public var seed: UInt64
    /// In how many folds the number of trees is chosen, the calibration learned and the model measured.
    public var folds: Int
    /// The most trees.
    public var maximumRounds: Int
    /// Training stops when the mean loss over the folds has not fallen for this many trees.
    public var patience: Int
    /// The share by which each tree corrects.
    public var learningRate: Double
    /// The depth of a tree: the number of questions that it asks, one after the other.
    public var maximumDepth: Int
    /// The share of customers that each tree sees.
    public var rowShare: Double
    /// The share of columns that each question may ask about.
    public var columnShare: Double
    /// The least weight of customers in a leaf.
    public var minimumChildWeight: Double
    /// The strength with which leaves are drawn towards 0 (L2).
    public var regularization: Double
    /// The weight of a customer who left, relative to one who stayed.
    public var classWeight: ClassWeight
    /// The only directions in which features may move a score, by the feature's name or its column's
    /// (`Feature=category`).
    public var monotone: [String: MonotoneDirection]
    /// The method that turns the booster's scores into probabilities.
    public var calibration: CalibrationMethod
    /// A search for better parameters, before anything else; nil for none.
    public var search: TrainingSettings.Search?
    /// The form of the booster's file.
    public var format: BoosterFormat

    /// Creates options; all have defaults.
    public init(
        seed: UInt64 = 1, folds: Int = 5, maximumRounds: Int = 2_000, patience: Int = 50, learningRate: Double = 0.03,
        maximumDepth: Int = 4, rowShare: Double = 0.8, columnShare: Double = 0.3, minimumChildWeight: Double = 5,
        regularization: Double = 5, classWeight: ClassWeight = .factor(1), monotone: [String: MonotoneDirection] = [:],
        calibration: CalibrationMethod = .blend, search: TrainingSettings.Search? = nil, format: BoosterFormat = .ubj
    ) {
        self.seed = seed
        self.folds = folds
        self.maximumRounds = maximumRounds
        self.patience = patience
        self.learningRate = learningRate
        self.maximumDepth = maximumDepth
        self.rowShare = rowShare
        self.columnShare = columnShare
        self.minimumChildWeight = minimumChildWeight
        self.regularization = regularization
        self.classWeight = classWeight
        self.monotone = monotone
        self.calibration = calibration
        self.search = search
        self.format = format
    }

    /// The option that is out of its range; nil where everything is in order.
    var fault: String? {
        func isShare(_ number: Double) -> Bool { number > 0 && number <= 1 }
        func isAmount(_ number: Double) -> Bool { number >= 0 && number.isFinite }
        guard (2...20).contains(self.folds) else { return "there are 2 to 20 folds" }
        guard self.maximumRounds > 0, self.patience > 0 else { return "rounds and patience are above 0" }
        guard (1...16).contains(self.maximumDepth) else { return "the depth is 1 to 16" }
        guard self.learningRate > 0, self.learningRate <= 1 else { return "the learning rate is above 0, 1 at most" }
        guard isShare(self.rowShare), isShare(self.columnShare) else { return "shares are above 0, 1 at most" }
        guard isAmount(self.minimumChildWeight), isAmount(self.regularization) else {
            return "child weight and regularization are 0 or above"
        }
        if case .factor(let factor) = self.classWeight, !(factor > 0 && factor.isFinite) {
            return "the class weight is above 0"
        }
        return nil
    }
}
