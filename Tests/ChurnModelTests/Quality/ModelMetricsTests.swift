import ChurnCore
import Foundation
import Testing

@testable import ChurnModel

@Suite("Model metrics")
struct ModelMetricsTests {
    @Test(
        "AUC is the share of pairs in the right order, ties counting half",
        arguments: [
            ([0.1, 0.2, 0.8, 0.9], [false, false, true, true], 1.0),
            ([0.9, 0.8, 0.2, 0.1], [false, false, true, true], 0.0),
            ([0.5, 0.5, 0.5, 0.5], [false, true, false, true], 0.5),
            ([0.1, 0.4, 0.35, 0.8], [false, false, true, true], 0.75),
            ([0.1, 0.5, 0.5, 0.8], [false, false, true, true], 0.875),
            ([0.3, 0.4], [true, true], 0.5),
            ([], [], 0.5),
        ] as [([Double], [Bool], Double)])
    func auc(_ probabilities: [Double], _ labels: [Bool], _ expected: Double) {
        #expect(ModelMetrics(probabilities: probabilities, labels: labels).auc == expected)
    }

    @Test("log loss and Brier score are means, and a wrong certainty is finite")
    func losses() {
        let metrics = ModelMetrics(probabilities: [0.8, 0.4], labels: [true, false])
        #expect(abs(metrics.logLoss - -(log(0.8) + log(0.6)) / 2) < 1e-12)
        #expect(abs(metrics.brierScore - (0.04 + 0.16) / 2) < 1e-12)
        #expect(ModelMetrics(probabilities: [0], labels: [true]).logLoss.isFinite)
    }

    @Test("calibration counts every customer once")
    func calibration() {
        let metrics = ModelMetrics(
            probabilities: [0, 0.05, 0.1, 0.95, 1], labels: [false, true, false, true, true])
        #expect(metrics.calibration.map(\.count) == [2, 1, 2])
        #expect(metrics.calibration.map(\.lower) == [0, 0.1, 0.9])
        #expect(metrics.calibration[0].observedRate == 0.5)
        #expect(metrics.calibration[2].meanProbability == 0.975)
    }

    @Test("bins of equal size differ by one customer at most, in the order of the probabilities")
    func equalMass() {
        let probabilities = (0..<32).map { Double(($0 * 7) % 32) / 32 }
        let labels = probabilities.map { $0 >= 0.5 }
        let bins = ModelMetrics.equalMassBins(probabilities, labels)
        #expect(bins.map(\.count) == [3, 3] + Array(repeating: 2, count: 13))
        #expect(bins.map(\.lower) == bins.map(\.lower).sorted())
        #expect(bins.first?.lower == 0)
        #expect(bins.last?.upper == 31.0 / 32)
        #expect(ModelMetrics.equalMassBins([0.2], [true]).map(\.count) == [1])
        #expect(ModelMetrics.equalMassBins([], []).isEmpty)
    }

    @Test(
        "the calibration error is the weighted distance between probability and outcome",
        arguments: [
            ([0.25, 0.25, 0.25, 0.25], [true, false, false, false], 1, 0.0),
            ([0.5, 0.5, 1, 1], [true, false, false, false], 2, 0.5),
            ([0.2, 0.4, 0.6, 0.8], [false, false, true, true], 2, 0.3),
            ([], [], 15, 0.0),
        ] as [([Double], [Bool], Int, Double)])
    func calibrationError(_ probabilities: [Double], _ labels: [Bool], _ bins: Int, _ expected: Double) {
        #expect(abs(ModelMetrics.calibrationError(probabilities, labels, bins: bins) - expected) < 1e-12)
    }

    @Test("the lift of the highest tenth is their share of leavers over that of all, ties counting in parts")
    func lift() {
        let probabilities = (0..<100).map { Double($0) / 100 }
        #expect(ModelMetrics.lift(probabilities, (0..<100).map { $0 >= 80 }) == 5)
        #expect(ModelMetrics.lift(probabilities, (0..<100).map { $0 < 20 }) == 0)
        let tied = Array(repeating: 0.5, count: 100)
        #expect(abs(ModelMetrics.lift(tied, (0..<100).map { $0 < 20 }) - 1) < 1e-12)
        #expect(ModelMetrics.lift([0.1, 0.2], [false, false]) == 1)
        #expect(ModelMetrics.lift([], []) == 1)
    }

    @Test("folds have the same share of each label, and the seed decides them", arguments: [2, 3, 5, 10])
    func folds(_ count: Int) {
        let labels = (0..<1_000).map { $0.isMultiple(of: 4) }
        var random = SeededRandom(seed: 9)
        let folds = StratifiedFolds(of: Array(0..<1_000), labels: labels, count: count, using: &random).folds
        for fold in 0..<count {
            let places = folds.indices.filter { folds[$0] == fold }
            #expect(abs(places.count - 1_000 / count) <= 2)
            #expect(abs(places.count { labels[$0] } - 250 / count) <= 1)
        }
        var again = SeededRandom(seed: 9)
        #expect(
            StratifiedFolds(of: Array(0..<1_000), labels: labels, count: count, using: &again).folds == folds)
    }
}
