/// The training settings of a domain file or the command line; nil for all that they leave open.
public struct TrainingSettings: Hashable, Sendable {
    /// In how many folds the number of trees is chosen and the model measured.
    public var folds: Int?
    /// The most trees.
    public var rounds: Int?
    /// Training stops when the loss has not fallen for this many trees.
    public var patience: Int?
    /// The share by which each tree corrects.
    public var learningRate: Double?
    /// The depth of a tree: the number of questions that it asks, one after the other.
    public var depth: Int?
    /// The share of customers that each tree sees.
    public var rowShare: Double?
    /// The share of columns that each question may ask about.
    public var columnShare: Double?
    /// The least weight of customers in a leaf.
    public var minimumChildWeight: Double?
    /// The strength with which leaves are drawn towards 0.
    public var regularization: Double?
    /// The weight of a customer who left.
    public var classWeight: ClassWeight?
    /// The method that turns scores into calibrated probabilities.
    public var calibration: CalibrationMethod?
    /// The only directions in which features may move a score, by the feature's name or its column's
    /// (`Feature=category`).
    public var monotone: [String: MonotoneDirection]
    /// A search for better parameters.
    public var search: Search?

    /// Creates settings that leave everything open.
    public init() { self.monotone = [:] }

    /// These settings, with others in place of those that the others do not leave open.
    public func overridden(by other: TrainingSettings) -> TrainingSettings {
        var result = other
        result.folds = other.folds ?? self.folds
        result.rounds = other.rounds ?? self.rounds
        result.patience = other.patience ?? self.patience
        result.learningRate = other.learningRate ?? self.learningRate
        result.depth = other.depth ?? self.depth
        result.rowShare = other.rowShare ?? self.rowShare
        result.columnShare = other.columnShare ?? self.columnShare
        result.minimumChildWeight = other.minimumChildWeight ?? self.minimumChildWeight
        result.regularization = other.regularization ?? self.regularization
        result.classWeight = other.classWeight ?? self.classWeight
        result.calibration = other.calibration ?? self.calibration
        result.monotone = self.monotone.merging(other.monotone) { $1 }
        result.search = other.search ?? self.search
        return result
    }
}
