import ChurnTesting
import Testing

@testable import ChurnCore

@Suite("A lineup of models") struct ModelLineupTests {
    private static let ids = (0..<20_000).map { "C-\($0)" }

    @Test("gives a canary its share of the customers, the same ones each time", arguments: [0.0, 0.01, 0.05, 0.5, 1.0])
    func share(_ share: Double) {
        let canary = CanaryShare(share)
        let chosen = Self.ids.filter(canary.contains)
        #expect(abs(Double(chosen.count) / Double(Self.ids.count) - share) < 0.01)
        #expect(chosen == Self.ids.filter(CanaryShare(share).contains))
    }

    @Test("keeps a canary's customers when its share grows")
    func growth() {
        var before: Set<String> = []
        for share in [0.001, 0.01, 0.1, 0.3, 0.9] {
            let chosen = Set(Self.ids.filter(CanaryShare(share).contains))
            #expect(before.isSubset(of: chosen))
            before = chosen
        }
    }

    @Test(
        "takes a share that is none to the nearest one",
        arguments: [(-1.0, 0.0), (2.0, 1.0), (Double.nan, 0.0), (0.00004, 0.0), (0.00006, 0.0001)])
    func bounds(_ given: Double, _ taken: Double) { #expect(CanaryShare(given).share == taken) }

    private static func lineup(failing: Bool = false) -> ModelLineup {
        ModelLineup(
            champion: LoadedModel(predictor: ConstantPredictor("champion", 0.25)),
            challenger: LoadedModel(predictor: ConstantPredictor("challenger", 0.75, fails: failing)),
            canary: CanaryShare(0.3))
    }

    @Test("scores each customer with the model that serves it, in the rows' order")
    func scores() async throws {
        let lineup = Self.lineup()
        let scores = try await lineup.scores(
            of: Self.ids.prefix(500).map { (customerID: $0, features: []) }, fallback: { _ in })
        for (id, score) in zip(Self.ids, scores) {
            #expect(score.model == lineup.model(for: id).identity)
            #expect(score.probability == (lineup.canary.contains(id) ? 0.75 : 0.25))
        }
        #expect(Set(scores.map(\.model.version)) == ["champion", "challenger"])
    }

    @Test("has the champion score the canary where the challenger fails")
    func fallback() async throws {
        var failed = 0
        let ids = Self.ids.prefix(500)
        let scores = try await Self.lineup(failing: true).scores(
            of: ids.map { (customerID: $0, features: []) }, fallback: { failed += $0 })
        #expect(scores.allSatisfy { $0.model.version == "champion" })
        #expect(failed == ids.count(where: CanaryShare(0.3).contains))
    }
}
