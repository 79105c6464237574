import ChurnCore
import Foundation

/// Grows a booster for each fold, all of them tree by tree side by side, until their common loss falls no more.
///
/// So the number of trees is chosen by all customers, each judged by a booster that has not seen them.
struct FoldedFit {
    let data: TrainingData
    let options: TrainingOptions
    let places: [Int]
    let folds: StratifiedFolds
    let progress: (_ round: Int, _ loss: Double) -> Void

    /// One fold: its booster and the places, as positions in `places`, that the booster does not see.
    private struct Part {
        var booster: TrainingBooster
        var unseen: [Int]
    }

    func run() throws -> OutOfFold {
        let labels = self.places.map { self.data.labels[$0] }
        let weight = self.options.classWeight.factor(positives: labels.count { $0 }, rows: labels.count)
        let parts = try (0..<self.folds.count).map { try self.part($0) }
        var best = OutOfFold(
            rounds: 1, loss: .infinity, scores: Array(repeating: 0.5, count: labels.count), folds: self.folds.folds)
        var scores = best.scores
        for round in 1...max(self.options.maximumRounds, 1) {
            for part in parts {
                try part.booster.update()
                for (place, score) in zip(part.unseen, try part.booster.watchedScores()) { scores[place] = score }
            }
            let loss = Self.loss(scores, labels, weight)
            if loss < best.loss {
                best.rounds = round
                best.loss = loss
                best.scores = scores
            }
            self.progress(round, loss)
            if round - best.rounds >= self.options.patience { break }
        }
        return best
    }

    private func part(_ fold: Int) throws -> Part {
        let positions = self.places.indices
        let unseen = positions.filter { self.folds.folds[$0] == fold }
        let seen = positions.filter { self.folds.folds[$0] != fold }.map { self.places[$0] }
        let parameters = try self.options.parameters(
            for: self.data.encoder.spec, positives: seen.count { self.data.labels[$0] }, rows: seen.count)
        return Part(
            booster: try TrainingBooster(
                parameters: parameters, matrix: try self.data.matrix(seen),
                watched: try self.data.matrix(unseen.map { self.places[$0] })),
            unseen: unseen)
    }

    /// The logarithmic loss, in which customers who left count `weight` times.
    private static func loss(_ scores: [Float], _ labels: [Bool], _ weight: Double) -> Double {
        var (sum, total) = (0.0, 0.0)
        for place in scores.indices {
            let score = Double(scores[place])
            let share = labels[place] ? weight : 1
            sum -= share * log(max(labels[place] ? score : 1 - score, 1e-15))
            total += share
        }
        return sum / max(total, 1)
    }
}
