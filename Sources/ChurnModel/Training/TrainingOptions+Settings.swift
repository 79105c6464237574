public import ChurnCore

extension TrainingOptions {
    /// The defaults with what a domain file or the command line says instead.
    public init(_ settings: TrainingSettings, seed: UInt64 = 1, format: BoosterFormat = .ubj) {
        self.init(seed: seed, format: format)
        self.folds = settings.folds ?? self.folds
        self.maximumRounds = settings.rounds ?? self.maximumRounds
        self.patience = settings.patience ?? self.patience
        self.learningRate = settings.learningRate ?? self.learningRate
        self.maximumDepth = settings.depth ?? self.maximumDepth
        self.rowShare = settings.rowShare ?? self.rowShare
        self.columnShare = settings.columnShare ?? self.columnShare
        self.minimumChildWeight = settings.minimumChildWeight ?? self.minimumChildWeight
        self.regularization = settings.regularization ?? self.regularization
        self.classWeight = settings.classWeight ?? self.classWeight
        self.calibration = settings.calibration ?? self.calibration
        self.monotone = settings.monotone
        self.search = settings.search
    }
}
