import ChurnInsight
import Testing

@testable import ChurnModel

@Suite("Champion and challenger on the same customers")
struct PairedComparisonTests {
    private static let champion = [0.9, 0.8, 0.3, 0.6, 0.2, 0.55, 0.4, 0.1, 0.7, 0.35]
    private static let challenger = [0.95, 0.7, 0.5, 0.65, 0.1, 0.6, 0.4, 0.2, 0.3, 0.35]
    private static let labels = [true, true, false, true, false, false, true, false, true, false]

    // Made with NumPy from the covariances of placements, pair by pair.
    @Test("differences have the intervals of DeLong and of each customer's loss")
    func intervals() throws {
        let compared = try #require(
            PairedComparison(champion: Self.champion, challenger: Self.challenger, labels: Self.labels))
        #expect(compared.customers == 10 && compared.positives == 5)
        #expect(compared.championAUC.map { abs($0 - 0.96) < 1e-12 } == true)
        #expect(compared.challengerAUC.map { abs($0 - 0.8) < 1e-12 } == true)
        let auc = try #require(compared.auc)
        #expect(abs(auc.value + 0.16) < 1e-12)
        #expect(abs(auc.lower + 0.43158057617828116) < 1e-6)
        #expect(abs(auc.upper - 0.11158057617828132) < 1e-6)
        let brier = try #require(compared.brier)
        #expect(abs(compared.championBrier - 0.1225) < 1e-12)
        #expect(abs(brier.value - 0.06225) < 1e-12)
        #expect(abs(brier.lower + 0.019328391514429527) < 1e-6)
        #expect(abs(brier.upper - 0.1438283915144295) < 1e-6)
    }

    @Test("equal scores count by half, and too few outcomes have no interval")
    func few() throws {
        let tied = try #require(
            PairedComparison(champion: [0.5, 0.5], challenger: [0.5, 0.6], labels: [false, true]))
        #expect(tied.championAUC == 0.5 && tied.challengerAUC == 1 && tied.auc == nil)
        let single = try #require(PairedComparison(champion: [0.5], challenger: [0.5], labels: [true]))
        #expect(single.championAUC == nil && single.brier == nil)
        #expect(PairedComparison(champion: [], challenger: [], labels: []) == nil)
    }
}
