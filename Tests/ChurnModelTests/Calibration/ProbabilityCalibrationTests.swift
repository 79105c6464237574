import ChurnCore
import Foundation
import Testing

@testable import ChurnModel

@Suite("Probability calibration")
struct ProbabilityCalibrationTests {
    private static let methods: [CalibrationMethod] = [.platt, .beta, .isotonic, .blend]

    /// Scores that are too sure of themselves, and labels drawn from the true probabilities.
    private static func sample(_ count: Int, seed: UInt64 = 3) -> (scores: [Float], labels: [Bool]) {
        var random = SeededRandom(seed: seed)
        var (scores, labels): ([Float], [Bool]) = ([], [])
        for _ in 0..<count {
            let odds = random.bell() * 1.5 - 1
            labels.append(random.chance(1 / (1 + exp(-odds))))
            scores.append(Float(1 / (1 + exp(-(odds * 2 + 0.7)))))
        }
        return (scores, labels)
    }

    private static func fitted(
        _ method: CalibrationMethod, _ scores: [Float], _ labels: [Bool]
    ) throws -> ProbabilityCalibration {
        try #require(ProbabilityCalibration.fitted(method, scores: scores, labels: labels))
    }

    @Test("scores that are too sure become fair ones, on customers that were not learned from", arguments: methods)
    func repairs(_ method: CalibrationMethod) throws {
        let (scores, labels) = Self.sample(6_000)
        let calibration = try Self.fitted(method, scores, labels)
        let (others, truth) = Self.sample(6_000, seed: 4)
        let raw = others.map { Double($0) }
        let fair = others.map { Double(calibration.probability(of: $0)) }
        #expect(ModelMetrics.calibrationError(raw, truth) > 0.08)
        #expect(ModelMetrics.calibrationError(fair, truth) < 0.025)
        #expect(ModelMetrics.logLoss(fair, truth) < ModelMetrics.logLoss(raw, truth) - 0.05)
        #expect(abs(ModelMetrics.auc(fair, truth) - ModelMetrics.auc(raw, truth)) < 1e-4)
    }

    @Test("a higher score never gets a lower probability, from 0 to 1", arguments: methods)
    func rises(_ method: CalibrationMethod) throws {
        let (scores, labels) = Self.sample(2_000)
        let calibration = try Self.fitted(method, scores, labels)
        #expect(calibration.fault == nil)
        let grid = (0...20_000).map { Float($0) / 20_000 }
        let probabilities = grid.map { calibration.probability(of: $0) }
        #expect(probabilities == probabilities.sorted())
        #expect(probabilities.allSatisfy { $0 >= 0 && $0 <= 1 })
        #expect(Set(probabilities[200..<19_800]).count == 19_600, "there are no ties where scores differ")
    }

    @Test(
        "scores that say nothing, or the contrary, still give a rising and finite calibration",
        arguments: methods, ["the contrary", "one score", "one label", "a perfect cut", "two customers"])
    func degenerate(_ method: CalibrationMethod, _ kind: String) throws {
        var (scores, labels) = Self.sample(400)
        switch kind {
        case "the contrary": labels = scores.map { $0 < 0.5 }
        case "one score": scores = scores.map { _ in 0.3 }
        case "one label": labels = labels.map { _ in true }
        case "a perfect cut": labels = scores.map { $0 > 0.5 }
        default: (scores, labels) = ([0, 1], [false, true])
        }
        let calibration = try Self.fitted(method, scores, labels)
        #expect(calibration.fault == nil)
        #expect([0, 0.3, 0.7, 1].allSatisfy { calibration.probability(of: $0).isFinite })
        #expect(calibration.probability(of: 0.9) >= calibration.probability(of: 0.1))
    }

    @Test("one that went through JSON gives the same bits", arguments: methods)
    func roundTrip(_ method: CalibrationMethod) throws {
        let (scores, labels) = Self.sample(1_000)
        let calibration = try Self.fitted(method, scores, labels)
        let copy = try JSONDecoder().decode(
            ProbabilityCalibration.self, from: JSONEncoder().encode(calibration))
        #expect(copy == calibration)
        #expect(scores.map { copy.probability(of: $0) } == scores.map { calibration.probability(of: $0) })
    }

    @Test("probabilities of a fold come from a calibration of the other folds")
    func crossFit() throws {
        let (scores, labels) = Self.sample(500)
        let folds = scores.indices.map { $0 % 2 }
        let found = ProbabilityCalibration.crossFitted(.platt, scores: scores, labels: labels, folds: folds)
        let others = scores.indices.filter { folds[$0] == 1 }
        let calibration = try Self.fitted(.platt, others.map { scores[$0] }, others.map { labels[$0] })
        #expect(found[0] == calibration.probability(of: scores[0]))
        #expect(ProbabilityCalibration.crossFitted(.none, scores: scores, labels: labels, folds: folds) == scores)
    }

    private typealias Knot = ProbabilityCalibration.Knot
    private typealias Curve = ProbabilityCalibration.Curve

    @Test("what does not rise, is not finite or does not fit its method is a fault")
    func faults() {
        func fault(
            _ method: CalibrationMethod, _ curve: Curve? = nil, _ knots: [(Double, Double)] = []
        ) -> String? {
            ProbabilityCalibration(
                method: method, curve: curve, knots: knots.map { Knot(score: $0.0, probability: $0.1) }, rows: 9
            ).fault
        }
        let curve = Curve(low: 1, high: 1, offset: 0)
        let line = [(0.0, 0.1), (0.5, 0.4), (1.0, 0.9)]
        #expect(fault(.platt, curve) == nil)
        #expect(fault(.isotonic, nil, line) == nil)
        #expect(fault(.blend, curve, line) == nil)
        #expect(fault(.platt) != nil)
        #expect(fault(.platt, nil, line) != nil)
        #expect(fault(.isotonic, curve, line) != nil)
        #expect(fault(.blend, curve) != nil)
        #expect(fault(.beta, Curve(low: -1, high: 2, offset: 0)) != nil)
        #expect(fault(.beta, Curve(low: 0, high: 0, offset: 0)) != nil)
        #expect(fault(.platt, Curve(low: 1, high: 1, offset: .nan)) != nil)
        #expect(fault(.isotonic, nil, [(0, 0.1), (0.5, 0.1), (1, 0.9)]) != nil)
        #expect(fault(.isotonic, nil, [(0, 0.1), (0.5, .nan), (1, 0.9)]) != nil)
        #expect(fault(.isotonic, nil, [(0.1, 0.1), (1, 0.9)]) != nil)
        #expect(fault(.isotonic, nil, [(0, 0.1), (1, 1)]) != nil)
        #expect(fault(.isotonic, nil, [(0, 0.1)]) != nil)
    }
}
