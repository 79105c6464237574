import ChurnCore

/// Fits one booster to some rows of the data: finds the number of trees on a part of them, then uses them all.
struct BoosterFit {
    let data: TrainingData
    let options: TrainingOptions
    var fold = 1
    var folds = 1
    let progress: @Sendable (TrainingProgress) -> Void

    /// - Returns: the saved booster and its number of trees.
    func fit(_ places: [Int], using random: inout SeededRandom) throws -> (bytes: [UInt8], rounds: Int) {
        let split = StratifiedSplit(
            of: places, labels: self.data.labels, share: self.options.validationShare, using: &random)
        return try XGBoostLibrary.run(
            .internalError, .fatal, during: "train a model", advice: "libxgboost refused the data or a parameter"
        ) {
            let rounds = try self.bestRounds(split)
            let booster = try TrainingBooster(
                parameters: self.options.parameters, matrix: try self.data.matrix(places))
            for round in 1...rounds {
                try booster.update()
                self.report(.fit, round, of: rounds, nil)
            }
            return (try booster.saved(as: self.options.format), rounds)
        }
    }

    private func bestRounds(_ split: StratifiedSplit) throws -> Int {
        let labels = split.taken.map { self.data.labels[$0] }
        let booster = try TrainingBooster(
            parameters: self.options.parameters, matrix: try self.data.matrix(split.rest),
            watched: try self.data.matrix(split.taken))
        var best = (round: 1, loss: Double.infinity)
        for round in 1...max(self.options.maximumRounds, 1) {
            try booster.update()
            let loss = ModelMetrics.logLoss(try booster.watchedScores().map { Double($0) }, labels)
            if loss < best.loss { best = (round, loss) }
            self.report(.search, round, of: self.options.maximumRounds, loss)
            if round - best.round >= self.options.patience { break }
        }
        return best.round
    }

    private func report(_ stage: TrainingProgress.Stage, _ round: Int, of rounds: Int, _ loss: Double?) {
        self.progress(
            TrainingProgress(
                stage: stage, fold: self.fold, folds: self.folds, round: round, rounds: rounds, validationLoss: loss))
    }
}
