import ChurnCore

/// The result of a fit.
struct FittedModel {
    /// The options, after the search where there was one.
    var options: TrainingOptions
    /// The parameters that libxgboost was given.
    var parameters: [String: String]
    /// The saved booster, which has seen all customers of the fit.
    var booster: [UInt8]
    /// The scores of the folds.
    var outOfFold: OutOfFold
    /// The calibration learned from the folds' scores; nil for none.
    var calibration: ProbabilityCalibration?
    /// The trials of the search.
    var trials: [SearchTrial]
}

/// The whole procedure on some of the customers: search, number of trees and calibration by folds, then a booster of all
/// of them.
///
/// It looks at no other customer, so that who calls it for a part can measure on the rest.
struct ModelFit {
    let data: TrainingData
    let options: TrainingOptions
    var fold = 1
    var folds = 1
    let progress: @Sendable (TrainingProgress) -> Void

    func run(_ places: [Int], using random: inout SeededRandom) throws -> FittedModel {
        let folds = StratifiedFolds(of: places, labels: self.data.labels, count: self.options.folds, using: &random)
        return try XGBoostLibrary.run(
            .internalError, .fatal, during: "train a model", advice: "libxgboost refused the data or a parameter"
        ) {
            let (options, trials) = try self.searched(places, folds, &random)
            let outOfFold = try self.folded(options, places, folds, .search)
            let parameters = try options.parameters(
                for: self.data.encoder.spec, positives: places.count { self.data.labels[$0] }, rows: places.count)
            let booster = try TrainingBooster(parameters: parameters, matrix: try self.data.matrix(places))
            for round in 1...outOfFold.rounds {
                try booster.update()
                self.report(.fit, round, of: outOfFold.rounds, nil)
            }
            return FittedModel(
                options: options, parameters: parameters, booster: try booster.saved(as: options.format),
                outOfFold: outOfFold,
                calibration: .fitted(
                    options.calibration, scores: outOfFold.scores, labels: places.map { self.data.labels[$0] }),
                trials: trials)
        }
    }

    private func searched(
        _ places: [Int], _ folds: StratifiedFolds, _ random: inout SeededRandom
    ) throws -> (TrainingOptions, [SearchTrial]) {
        guard let search = self.options.search else { return (self.options, []) }
        let start = ContinuousClock.now
        var best = (options: self.options, loss: Double.infinity)
        var trials: [SearchTrial] = []
        for candidate in search.candidates(from: self.options, using: &random) {
            if case .seconds(let seconds) = search.budget, ContinuousClock.now - start >= .seconds(seconds) { break }
            let result = try self.folded(candidate, places, folds, .trial, trial: trials.count + 1)
            trials.append(
                SearchTrial(parameters: candidate.tunable, rounds: result.rounds, loss: result.loss))
            if result.loss < best.loss { best = (candidate, result.loss) }
        }
        return (best.options, trials)
    }

    private func folded(
        _ options: TrainingOptions, _ places: [Int], _ folds: StratifiedFolds, _ stage: TrainingProgress.Stage,
        trial: Int = 0
    ) throws -> OutOfFold {
        try FoldedFit(data: self.data, options: options, places: places, folds: folds) { round, loss in
            self.report(stage, round, of: options.maximumRounds, loss, trial: trial)
        }.run()
    }

    private func report(
        _ stage: TrainingProgress.Stage, _ round: Int, of rounds: Int, _ loss: Double?, trial: Int = 0
    ) {
        self.progress(
            TrainingProgress(
                stage: stage, fold: self.fold, folds: self.folds, round: round, rounds: rounds, validationLoss: loss,
                trial: trial))
    }
}

extension TrainingOptions {
    /// The parameters that a search varies, by name.
    fileprivate var tunable: [String: String] {
        self.described.filter {
            ["learning_rate", "depth", "row_share", "column_share", "minimum_child_weight", "regularization"]
                .contains($0.key)
        }
    }
}
