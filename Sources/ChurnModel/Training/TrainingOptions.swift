/// The form of a booster's file.
public enum BoosterFormat: String, Hashable, Sendable, CaseIterable {
    /// libxgboost's binary JSON: smaller and faster to load.
    case ubj
    /// Plain JSON, which people and other programs can read.
    case json
}

/// What training does where nothing else is said.
///
/// The defaults were chosen by cross-validation on the public Telco file: many shallow trees, each of which sees some
/// of the rows and columns.
public struct TrainingOptions: Hashable, Sendable {
    /// Decides splits and sampling: the same data, options and seed give the same file.
    public var seed: UInt64
    /// The share of customers that is held back to measure the model.
    public var holdoutShare: Double
    /// The share of the other customers that decides when to stop.
    public var validationShare: Double
    /// The most trees.
    public var maximumRounds: Int
    /// Training stops when the loss on the validation customers has not fallen for this many trees.
    public var patience: Int
    /// How much each tree corrects.
    public var learningRate: Double
    /// How many questions a tree asks, one after the other.
    public var maximumDepth: Int
    /// The share of customers that each tree sees.
    public var rowShare: Double
    /// The share of columns that each question may ask about.
    public var columnShare: Double
    /// The least weight of customers in a leaf.
    public var minimumChildWeight: Double
    /// How strongly leaves are drawn towards 0 (L2).
    public var regularization: Double
    /// The form of the booster's file.
    public var format: BoosterFormat

    /// Creates options; all have defaults.
    public init(
        seed: UInt64 = 1, holdoutShare: Double = 0.2, validationShare: Double = 0.2, maximumRounds: Int = 2_000,
        patience: Int = 50, learningRate: Double = 0.05, maximumDepth: Int = 2, rowShare: Double = 0.8,
        columnShare: Double = 0.3, minimumChildWeight: Double = 5, regularization: Double = 5,
        format: BoosterFormat = .ubj
    ) {
        self.seed = seed
        self.holdoutShare = holdoutShare
        self.validationShare = validationShare
        self.maximumRounds = maximumRounds
        self.patience = patience
        self.learningRate = learningRate
        self.maximumDepth = maximumDepth
        self.rowShare = rowShare
        self.columnShare = columnShare
        self.minimumChildWeight = minimumChildWeight
        self.regularization = regularization
        self.format = format
    }

    /// The parameters in libxgboost's words.
    ///
    /// One thread: the file must not depend on the machine, and no team of OpenMP threads is ever started, whose
    /// members would spin beside other work. (libgomp reads OMP_WAIT_POLICY when it is loaded, before any code of ours
    /// runs, so that a program cannot set it for itself.)
    var parameters: [String: String] {
        [
            "objective": "binary:logistic", "tree_method": "hist", "nthread": "1", "verbosity": "0",
            "seed": "\(self.seed & 0x7FFF_FFFF)", "eta": "\(self.learningRate)", "max_depth": "\(self.maximumDepth)",
            "subsample": "\(self.rowShare)", "colsample_bynode": "\(self.columnShare)",
            "min_child_weight": "\(self.minimumChildWeight)", "lambda": "\(self.regularization)",
        ]
    }
}
