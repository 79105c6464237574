import ChurnFiles
import Testing

@testable import ChurnCore
@testable import ChurnInsight

@Suite("How far actions are from training")
struct TrainingReachTests {
    private static func phone() throws -> Domain {
        try Domain(
            yaml: """
                name: phone
                id: customer
                label: {column: Left, positive: "1", negative: "0"}
                segment: Area
                value: Charge
                features:
                  - {name: Area, type: categorical, categories: [North, South]}
                  - {name: Minutes, type: numeric}
                  - {name: Charge, type: numeric}
                  - {name: Mail plan, column: mail_plan, type: boolean}
                  - {name: Messages, type: numeric}
                linked:
                  Charge: [Minutes]
                actions:
                  - {id: mail, title: Mail plan, set: {Mail plan: true}}
                  - {id: cheaper, title: Five off, add: {Charge: -5}}
                  - {id: fewer, title: Fewer minutes, add: {Minutes: -50}}
                  - {id: move, title: Move, set: {Area: South}}
                """)
    }

    /// Everything lowers the score.
    private struct FallingPredictor: Predictor {
        let model = ModelIdentity(version: "phone-1")
        func predict(_ rows: [[FeatureValue]]) async throws -> [Double] {
            rows.map { row in
                let charge = (row[2].numberValue ?? 0) / 100
                return 0.5 + charge / 4 - (row[3] == .boolean(true) ? 0.3 : 0) - (row[0] == .text("South") ? 0.1 : 0)
            }
        }
    }

    /// Two hundred customers: half of them with a plan, and only these with messages.
    private static func distribution(_ domain: Domain) -> TrainingDistribution {
        func features(_ row: Int) -> [FeatureValue] {
            let hasPlan = row % 2 == 0
            return [
                .text("North"), .number(100 + Double(row)), .number(17 + Double(row) * 0.17), .boolean(hasPlan),
                .number(hasPlan ? 20 : 0),
            ]
        }
        var distribution = TrainingDistribution(
            rows: 200,
            features: domain.schema.features.map {
                Histogram(name: $0.name, type: $0.type.rawValue, bounds: [], categories: $0.categories)
            }, scores: Histogram(name: "score", type: "numeric", bounds: [], categories: []))
        distribution.features[0].counts[0] = 200
        let rows = (0..<200).map(features)
        distribution.support = TrainingDistribution.Support(
            ranges: [[], [100, 299], [17, 50.83], [], [0, 20]],
            levels: domain.schema.features.indices.map { feature in
                (rows.map { UInt16(distribution.level(of: $0[feature], at: feature)) }, 4)
            })
        return distribution
    }

    private static let customer: [FeatureValue] = [
        .text("North"), .number(200), .number(34), .boolean(false), .number(0),
    ]

    private static func report(
        _ scenario: ActionScenario = ActionScenario(), isKnown: Bool = true
    ) async throws -> ActionReport {
        let domain = try Self.phone()
        return try await WhatIf(
            domain: domain, predictor: FallingPredictor(),
            distribution: isKnown ? Self.distribution(domain) : nil
        ).report(on: Self.customer, scenario: scenario)
    }

    @Test("a plan turned on without usage, which no one in training had, says so and is not recommended")
    func unseenPair() async throws {
        let report = try await Self.report()
        let plan = try #require(report.outcomes.first { $0.actions == ["mail"] })
        #expect(plan.caveats == ["Mail plan yes with Messages of 0 was never seen in training"])
        #expect(plan.change < -0.2 && report.isReachKnown)
        #expect(!report.recommended(100).contains { $0.actions.contains("mail") })
        let split = report.outcomes.firstIndex { !$0.caveats.isEmpty } ?? report.outcomes.count
        #expect(report.outcomes[split...].allSatisfy { !$0.caveats.isEmpty }, "those with caveats are last")
    }

    @Test("a number outside training and a category that no one had are caveats; what the customer is already is not")
    func alone() async throws {
        let far = try await Self.report(ActionScenario(changes: [1: .number(1_000), 0: .text("South")]))
        #expect(
            far.scenario?.caveats == [
                "Area South was never seen in training", "Minutes of 1000 is outside training, which had 100 to 299",
                "Charge of 170 is outside training, which had 17 to 50.83",
            ])
        let near = try await Self.report(ActionScenario(changes: [1: .number(250)]))
        #expect(near.scenario?.caveats == [])
    }

    @Test("what follows from something else follows it in proportion, and does not change alone")
    func links() async throws {
        let report = try await Self.report(isKnown: false)
        let fewer = try #require(report.outcomes.first { $0.actions == ["fewer"] })
        #expect(fewer.changes.map(\.feature) == [1, 2] && fewer.changes.map(\.value) == [.number(150), .number(25.5)])
        #expect(fewer.caveats.isEmpty)
        let cheaper = try #require(report.outcomes.first { $0.actions == ["cheaper"] })
        #expect(cheaper.caveats == ["Charge follows from Minutes and does not change alone"])
        #expect(!report.recommended(100).contains { $0.actions == ["cheaper"] })
    }

    @Test(
        "without the customers of training nothing is held against an action, and the report says that they are unknown"
    )
    func unknown() async throws {
        let report = try await Self.report(isKnown: false)
        #expect(!report.isReachKnown)
        #expect(report.outcomes.first { $0.actions == ["mail"] }?.caveats == [])
        #expect(report.recommended(100).contains { $0.actions.contains("mail") })
    }
}
