import ChurnTesting
import Foundation
import Testing

@testable import ChurnCore
@testable import ChurnInsight

@Suite("Drift") struct DriftTests {
    private static func numbers(_ count: Int, seed: UInt64, shift: Double = 0) -> [Double] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in random.uniform() + shift }
    }

    private static func live(_ histogram: Histogram, _ values: [Double]) -> [Int64] {
        values.reduce(into: Array(repeating: 0, count: histogram.counts.count)) { $0[histogram.bin(of: $1)] += 1 }
    }

    @Test("of numbers from the same source is small")
    func none() {
        let histogram = Histogram.numbers("x", Self.numbers(10_000, seed: 1))
        let drift = Drift(histogram, live: Self.live(histogram, Self.numbers(10_000, seed: 2)))
        #expect(drift.psi < 0.01)
        #expect((drift.ks ?? 1) < 0.03)
        #expect(DriftThresholds().status(drift, rows: 10_000) == .stable)
        #expect(DriftThresholds().status(drift, rows: 499) == .insufficient)
    }

    @Test("follows how far numbers moved", arguments: [(0.02, DriftStatus.stable), (0.08, .warning), (0.5, .alarm)])
    func shifted(_ shift: Double, _ status: DriftStatus) {
        let histogram = Histogram.numbers("x", Self.numbers(10_000, seed: 1))
        let drift = Drift(histogram, live: Self.live(histogram, Self.numbers(10_000, seed: 2, shift: shift)))
        // Uniform numbers that move by a tenth have a tenth of them beyond each bound.
        #expect(abs((drift.ks ?? 0) - shift) < 0.03)
        #expect(DriftThresholds().status(drift, rows: 10_000) == status)
    }

    @Test("of two bins is the index by hand")
    func byHand() {
        var histogram = Histogram(name: "x", type: "numeric", bounds: [1], categories: [])
        histogram.counts = [500, 500, 0]
        let drift = Drift(histogram, live: [800, 200, 0])
        let (a, b) = (800.5 / 1001.5, 200.5 / 1001.5)
        let (half, none) = (500.5 / 1001.5, 0.5 / 1001.5)
        let expected = (a - half) * log(a / half) + (b - half) * log(b / half) + (none - none)
        #expect(abs(drift.psi - expected) < 1e-12)
        #expect(abs((drift.ks ?? 0) - 0.3) < 1e-12)
    }

    @Test("of categories has no order, and sees a category that training had not")
    func categories() {
        var histogram = Histogram(name: "x", type: "categorical", bounds: [], categories: ["a", "b"])
        histogram.counts = [500, 500, 0, 0]
        let same = Drift(histogram, live: [500, 500, 0, 0])
        #expect(same.psi < 1e-9)
        #expect(same.ks == nil)
        #expect(Drift(histogram, live: [300, 300, 400, 0]).psi > 0.25)
    }

    @Test("bins hold about the same number of customers, and equal numbers share a bin")
    func bins() {
        let even = Histogram.numbers("x", (0..<1_000).map { Double($0) } + [.nan])
        #expect(even.counts == Array(repeating: 100, count: 10) + [1])
        #expect(even.isSound)
        let equal = Histogram.numbers("x", Array(repeating: 3, count: 50))
        #expect(equal.bounds.isEmpty)
        #expect(equal.counts == [50, 0])
        let none = Histogram.numbers("x", [])
        #expect(none.counts == [0, 0])
        #expect(none.isSound)
    }
}
