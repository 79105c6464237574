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

    @Test("a split keeps the share of each label and loses nobody", arguments: [0.1, 0.2, 0.5])
    func split(_ share: Double) {
        let labels = (0..<1_000).map { $0.isMultiple(of: 4) }
        var random = SeededRandom(seed: 9)
        let split = StratifiedSplit(of: Array(0..<1_000), labels: labels, share: share, using: &random)
        #expect(split.taken.count == Int(1_000 * share))
        #expect(split.taken.count { labels[$0] } == Int(250 * share))
        #expect((split.taken + split.rest).sorted() == Array(0..<1_000))
        var again = SeededRandom(seed: 9)
        #expect(
            StratifiedSplit(of: Array(0..<1_000), labels: labels, share: share, using: &again).taken == split.taken)
    }
}
