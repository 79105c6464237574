import ChurnFiles
import ChurnMemory
import ChurnTesting
import Testing

@testable import ChurnCore
@testable import ChurnInsight

@Suite("What-if")
struct WhatIfTests {
    private static let gym: Domain? = try? Domain(
        yaml: """
            name: gym
            id: member
            label: {column: Left, positive: "1", negative: "0"}
            segment: Plan
            value: Fee
            features:
              - {name: Plan, type: categorical, categories: [Basic, Plus, Premium]}
              - {name: Fee, type: numeric}
              - {name: Visits, type: numeric, label: Visits a month}
              - {name: Frozen, type: boolean}
            actions:
              - {id: plus, title: Offer Plus, label: Plus, when: {Plan: {is: Basic}}, set: {Plan: Plus}}
              - {id: premium, title: Offer Premium, label: Premium, when: {Plan: {is_not: Premium}}, set: {Plan: Premium}}
              - {id: thaw, title: Thaw, when: {Frozen: {is: true}}, set: {Frozen: false}}
              - {id: cheaper, title: Take off 5, add: {Fee: -5}}
              - {id: extra, title: VIP class, add: {Fee: 3, Visits: 1}}
              - {id: reset, title: Fee of 20, set: {Fee: 20}}
              - {id: free, title: Free month, when: {Frozen: {is: true}}, add: {Visits: 2}}
              - {id: match, title: Visits as fee, add: {Visits: Fee}}
            """)

    /// Falls with visits and rises with the fee, so that a test knows what to expect.
    private struct GymPredictor: Predictor {
        let model = ModelIdentity(version: "gym-1")
        func predict(_ rows: [[FeatureValue]]) async throws -> [Double] {
            rows.map { row in
                let frozen = row[3] == .boolean(true) ? 0.3 : 0
                return min(max((row[1].numberValue ?? 0) / 100 - (row[2].numberValue ?? 0) / 50 + frozen, 0), 1)
            }
        }
    }

    private static let member: [FeatureValue] = [.text("Basic"), .number(40), .number(2), .boolean(true)]

    private static func report(_ features: [FeatureValue], _ scenario: ActionScenario = ActionScenario()) async throws
        -> ActionReport
    {
        let gym = try #require(Self.gym)
        return try await WhatIf(domain: gym, predictor: GymPredictor()).report(
            on: features, scenario: scenario)
    }

    @Test("only actions that are possible now are offered, the largest gain first")
    func possible() async throws {
        let all = try await Self.report(Self.member).outcomes.filter { $0.actions.count == 1 }
        #expect(
            Set(all.map { $0.actions[0] }) == ["plus", "premium", "thaw", "cheaper", "extra", "reset", "free", "match"])
        let gains = all.compactMap(\.expectedGain)
        #expect(gains.count == all.count && gains == gains.sorted(by: >))
        let thawed = try await Self.report([.text("Premium"), .number(20), .missing, .boolean(false)])
        let ids = Set(thawed.outcomes.filter { $0.actions.count == 1 }.map { $0.actions[0] })
        #expect(ids == ["cheaper", "extra", "match"])
    }

    @Test("two actions are a pair unless one sets, adds to or reads what the other sets, or makes it impossible")
    func pairs() async throws {
        let pairs = Set(try await Self.report(Self.member).outcomes.filter { $0.actions.count == 2 }.map(\.actions))
        #expect(pairs.contains(["cheaper", "extra"]), "amounts add up")
        #expect(pairs.contains(["plus", "thaw"]))
        #expect(!pairs.contains(["plus", "premium"]), "both set the plan")
        #expect(!pairs.contains(["cheaper", "reset"]), "one sets what the other adds to")
        #expect(!pairs.contains(["thaw", "free"]), "after thawing there is no free month")
        #expect(!pairs.contains(["cheaper", "match"]), "one reads what the other changes")
        #expect(!pairs.contains(["extra", "match"]))
    }

    @Test("an outcome says what changes, by how much, and what is at risk each month")
    func outcome() async throws {
        let report = try await Self.report(Self.member)
        let outcome = try #require(report.outcomes.first { $0.actions == ["thaw", "cheaper"] })
        #expect(report.probability == 0.66 && report.value == 40)
        #expect(outcome.changes.map(\.feature) == [1, 3])
        #expect(outcome.changes.map(\.value) == [.number(35), .boolean(false)])
        #expect(abs(outcome.probability - 0.31) < 1e-12 && outcome.change == outcome.probability - 0.66)
        #expect(outcome.valueAtRiskBefore == 0.66 * 40 && outcome.valueAtRiskAfter == outcome.probability * 35)
        #expect(outcome.text == "Thaw and take off 5: 0.66 to 0.31")
        #expect(report.outcomes.first { $0.actions == ["thaw", "extra"] }?.label == "Thaw and VIP class")
    }

    @Test(
        "a text has as many digits as it takes to see the difference",
        arguments: [
            (0.83, 0.41, "A: 0.83 to 0.41"), (0.9412, 0.9431, "A: 0.941 to 0.943"), (0.5, 0.5, "A: 0.50 to 0.50"),
            (1.0, 0.04, "A: 1.00 to 0.04"), (0.5, 0.5 + 1e-9, "A: 0.500000 to 0.500000"),
        ])
    func text(_ before: Double, _ after: Double, _ expected: String) {
        let outcome = ActionOutcome(
            actions: ["a"], label: "A", changes: [], before: before, probability: after, valueBefore: nil,
            valueAfter: nil)
        #expect(outcome.text == expected)
        #expect(outcome.valueAtRiskBefore == nil && outcome.valueAtRiskAfter == nil)
    }

    @Test("recommended are only outcomes that lower the score and pay, and pairs that are better than their parts")
    func recommended() async throws {
        let report = try await Self.report(Self.member)
        let recommended = report.recommended(100)
        #expect(!recommended.isEmpty && recommended.allSatisfy { $0.probability < report.probability })
        #expect(!recommended.contains { $0.actions == ["plus"] }, "the plan is nothing to this model")
        #expect(!recommended.contains { $0.actions == ["plus", "thaw"] }, "no better than thawing alone")
        #expect(report.recommended(2).count == 2)
        let gains = recommended.compactMap(\.expectedGain)
        #expect(gains.count == recommended.count && gains == gains.sorted(by: >) && gains.allSatisfy { $0 > 0 })
    }

    @Test("where no value is known, the lowest score is first")
    func withoutValue() async throws {
        let report = try await Self.report([.text("Basic"), .missing, .number(2), .boolean(true)])
        let known = report.outcomes.filter { $0.expectedGain == nil }
        #expect(known.count > 2 && known.map(\.probability) == known.map(\.probability).sorted())
    }

    @Test("a scenario is its actions in their order and then its changes")
    func scenario() async throws {
        let asked = ActionScenario(actions: ["plus", "premium"], changes: [2: .number(7), 3: .missing])
        let outcome = try #require(try await Self.report(Self.member, asked).scenario)
        #expect(outcome.changes.map(\.value) == [.text("Premium"), .number(7), .missing])
        #expect(outcome.label == "Plus, premium, visits a month to 7 and frozen unknown")
        #expect(try await Self.report(Self.member).scenario == nil)
    }

    @Test("a scenario with an unknown or impossible action is refused, and says which")
    func refused() async throws {
        await #expect(throws: ActionScenarioError.unknownAction(1)) {
            try await Self.report(Self.member, ActionScenario(actions: ["thaw", "nonsense"]))
        }
        await #expect(throws: ActionScenarioError.impossibleAction(1)) {
            try await Self.report(Self.member, ActionScenario(actions: ["thaw", "thaw"]))
        }
    }

    @Test("doing it for real gives the promised score to the bit", arguments: 0..<20)
    func promised(_ seed: Int) async throws {
        let domain = Domain.telco
        let predictor = DigestPredictor(domain: domain)
        let whatIf = WhatIf(domain: domain, predictor: predictor)
        let customers = try CustomerPopulation(domain: domain, seed: UInt64(seed)).customers(50).map(\.customer)
        let store = InMemoryStore(domain: domain)
        for customer in customers {
            _ = try await store.importCustomers([customer])
            let report = try #require(try await whatIf.report(on: customer.id, in: store))
            #expect(!report.outcomes.isEmpty)
            for outcome in report.outcomes {
                var real = customer
                for id in outcome.actions {
                    let action = try #require(domain.actions.first { $0.id == id })
                    #expect(action.effect.apply(to: &real.features))
                }
                _ = try await store.importCustomers([real])
                let stored = try #require(try await store.states(for: [real.id])[real.id])
                let score = try await predictor.predict([stored.features])[0]
                #expect(score.bitPattern == outcome.probability.bitPattern)
                var promised = customer.features
                for change in outcome.changes { promised[change.feature] = change.value }
                #expect(promised == stored.features)
            }
        }
    }
}
