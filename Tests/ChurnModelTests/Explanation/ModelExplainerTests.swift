import ChurnCore
import ChurnTesting
import Foundation
import Testing

@testable import ChurnModel

@Suite("Model explainer")
struct ModelExplainerTests {
    @Test("keeps the contract of an explainer", arguments: ExplainerContract.checks)
    func contract(_ check: ExplainerContract.Check) async throws {
        let bundle = try await Fixture.bundle()
        await check.verify {
            PredictorUnderTest(predictor: XGBoostPredictor(bundle: bundle, threads: 2), domain: .telco)
        }
    }

    @Test("the one-hot columns of a feature are folded back into it")
    func folding() async throws {
        let predictor = XGBoostPredictor(bundle: try await Fixture.bundle())
        let rows = try Fixture.customers(200, seed: 21).map(\.customer.features)
        let scorer = try await Fixture.bundle().scorer
        #expect(ModelExplainer(scorer).isOurs)
        let explanations = try await predictor.explain(rows)
        var values: [Float] = []
        for row in rows { try scorer.encoder.encode(row, into: &values) }
        let reference = try scorer.booster.contributions(values)
        let features = scorer.encoder.spec.features
        let owners = features.indices.flatMap { Array(repeating: $0, count: features[$0].columnCount) }
        var worst = 0.0
        for (row, explanation) in explanations.enumerated() {
            var expected = Array(repeating: 0.0, count: features.count)
            for (column, owner) in owners.enumerated() {
                expected[owner] += Double(reference[row * (owners.count + 1) + column])
            }
            for (own, other) in zip(explanation.contributions, expected) { worst = max(worst, abs(own - other)) }
        }
        #expect(worst < 1e-5)
        #expect(explanations.contains { $0.reasons(limit: 1).first.map { abs($0.contribution) > 0.1 } ?? false })
    }
}
