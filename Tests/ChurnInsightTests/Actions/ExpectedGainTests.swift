import ChurnFiles
import Testing

@testable import ChurnCore
@testable import ChurnInsight

@Suite("Expected gain")
struct ExpectedGainTests {
    private static func domain(_ actions: String) throws -> Domain {
        try Domain(
            yaml: """
                name: shop
                id: member
                label: {column: Left, positive: "1", negative: "0"}
                segment: Plan
                value: Fee
                features:
                  - {name: Plan, type: categorical, categories: [Short, Long]}
                  - {name: Fee, type: numeric, minimum: 0}
                actions:
                \(actions)
                """)
    }

    /// A long plan halves a score, and ten off the fee take a little away.
    private struct ShopPredictor: Predictor {
        let model = ModelIdentity(version: "shop-1")
        func predict(_ rows: [[FeatureValue]]) async throws -> [Double] {
            rows.map { (($0[0] == .text("Long") ? 0.4 : 0.8) + (($0[1].numberValue ?? 0) - 50) / 500) }
        }
    }

    private static func report(_ actions: String, fee: Double = 50) async throws -> ActionReport {
        try await WhatIf(domain: self.domain(actions), predictor: ShopPredictor())
            .report(on: [.text("Short"), .number(fee)])
    }

    private static let actions = """
          - {id: long, title: Long plan, set: {Plan: Long}}
          - {id: discount, title: Ten off, add: {Fee: -10}}
        """

    @Test("a price cut is no gain of its own: a plan alone stands above the plan with a discount, whose score is lower")
    func discount() async throws {
        let report = try await Self.report(Self.actions)
        let plan = try #require(report.outcomes.first)
        let both = try #require(report.outcomes.first { $0.actions.count == 2 })
        #expect(plan.actions == ["long"] && both.probability < plan.probability)
        #expect(abs((plan.expectedGain ?? 0) - (50 * 0.6 - 50 * 0.2)) < 1e-9)
        #expect(abs((both.expectedGain ?? 0) - (40 * 0.62 - 50 * 0.2)) < 1e-9)
        #expect(report.recommended(10).map(\.actions) == [["long"]], "ten off alone loses money")
    }

    @Test("a cost counts once and months multiply, the fewer of a pair")
    func cost() async throws {
        let report = try await Self.report(
            """
              - {id: long, title: Long plan, set: {Plan: Long}, cost: 30, months: 12}
              - {id: discount, title: Ten off, add: {Fee: -10}, cost: 1, months: 6}
            """)
        let plan = try #require(report.outcomes.first { $0.actions == ["long"] })
        #expect(plan.cost == 30 && plan.months == 12)
        #expect(abs((plan.expectedGain ?? 0) - (12 * 20 - 30)) < 1e-9)
        let both = try #require(report.outcomes.first { $0.actions.count == 2 })
        #expect(both.cost == 31 && both.months == 6)
    }

    @Test("an action beyond the limits of the domain is not possible, nor is one that sets what is so already")
    func limits() async throws {
        let report = try await Self.report(Self.actions, fee: 5)
        #expect(report.outcomes.map(\.actions) == [["long"]])
        let already = try await WhatIf(domain: Self.domain(Self.actions), predictor: ShopPredictor())
            .report(on: [.text("Long"), .number(5)])
        #expect(already.outcomes.isEmpty)
    }
}
