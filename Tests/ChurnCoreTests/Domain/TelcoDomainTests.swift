import ChurnCore
import Testing

/// One row of the contract's table of events: what a customer was before, and what is different after.
struct EffectRow: Sendable, CustomTestStringConvertible {
    var event: String
    var before: [String: FeatureValue]
    var after: [String: FeatureValue]
    var testDescription: String { "\(self.event) on \(self.before)" }

    init(_ event: String, _ before: [String: FeatureValue], _ after: [String: FeatureValue]) {
        (self.event, self.before, self.after) = (event, before, after)
    }

    static let all: [EffectRow] = [
        EffectRow("contract_downgrade", ["Contract": .text("Two year")], ["Contract": .text("Month-to-month")]),
        EffectRow("contract_downgrade", ["Contract": .text("One year")], ["Contract": .text("Month-to-month")]),
        EffectRow("contract_downgrade", ["Contract": .text("Month-to-month")], [:]),
        EffectRow(
            "removed_online_security", ["OnlineSecurity": .text("Yes"), "MonthlyCharges": .number(70)],
            ["OnlineSecurity": .text("No"), "MonthlyCharges": .number(65)]),
        EffectRow("removed_online_security", ["OnlineSecurity": .text("No"), "MonthlyCharges": .number(70)], [:]),
        EffectRow("removed_online_security", ["OnlineSecurity": .text("No internet service")], [:]),
        EffectRow(
            "cancelled_autopay", ["PaymentMethod": .text("Bank transfer (automatic)")],
            ["PaymentMethod": .text("Mailed check")]),
        EffectRow(
            "cancelled_autopay", ["PaymentMethod": .text("Credit card (automatic)")],
            ["PaymentMethod": .text("Mailed check")]),
        EffectRow("cancelled_autopay", ["PaymentMethod": .text("Electronic check")], [:]),
        EffectRow("contract_upgrade", ["Contract": .text("Month-to-month")], ["Contract": .text("One year")]),
        EffectRow("contract_upgrade", ["Contract": .text("One year")], [:]),
        EffectRow("contract_upgrade", ["Contract": .text("Two year")], [:]),
        EffectRow(
            "added_tech_support", ["TechSupport": .text("No"), "MonthlyCharges": .number(70)],
            ["TechSupport": .text("Yes"), "MonthlyCharges": .number(75)]),
        EffectRow("added_tech_support", ["TechSupport": .text("Yes"), "MonthlyCharges": .number(70)], [:]),
        EffectRow("added_tech_support", ["TechSupport": .text("No internet service")], [:]),
        EffectRow(
            "enabled_autopay", ["PaymentMethod": .text("Mailed check")],
            ["PaymentMethod": .text("Credit card (automatic)")]),
        EffectRow("enabled_autopay", ["PaymentMethod": .text("Bank transfer (automatic)")], [:]),
        EffectRow(
            "monthly_anniversary", ["tenure": .number(3), "TotalCharges": .number(200), "MonthlyCharges": .number(70)],
            ["tenure": .number(4), "TotalCharges": .number(270)]),
        EffectRow(
            "monthly_anniversary", ["tenure": .missing, "TotalCharges": .missing, "MonthlyCharges": .number(70)],
            ["tenure": .number(1), "TotalCharges": .number(70)]),
        EffectRow(
            "monthly_anniversary", ["tenure": .number(3), "TotalCharges": .number(200), "MonthlyCharges": .missing],
            ["tenure": .number(4)]),
    ]
}

@Suite("The Telco domain")
struct TelcoDomainTests {
    private func features(_ values: [String: FeatureValue]) throws -> [FeatureValue] {
        let schema = Domain.telco.schema
        var features = [FeatureValue](repeating: .missing, count: schema.count)
        for (name, value) in values { features[try #require(schema.index(of: name))] = value }
        return features
    }

    @Test("has the contract's columns in their order")
    func columns() {
        #expect(Domain.telco.idColumn == "customerid")
        let columns = [
            "gender", "seniorcitizen", "partner", "dependents", "tenure", "phoneservice", "multiplelines",
            "internetservice", "onlinesecurity", "onlinebackup", "deviceprotection", "techsupport", "streamingtv",
            "streamingmovies", "contract", "paperlessbilling", "paymentmethod", "monthlycharges", "totalcharges",
        ]
        #expect(Domain.telco.schema.features.map(\.column) == columns)
    }

    @Test("has the contract's events, weights and bands")
    func contract() {
        #expect(
            Domain.telco.eventOrder.map(\.rawValue) == [
                "contract_downgrade", "removed_online_security", "cancelled_autopay", "contract_upgrade",
                "added_tech_support", "enabled_autopay", "monthly_anniversary",
            ])
        let weights = Domain.telco.eventOrder.map { Domain.telco.events[$0]?.weight }
        #expect(weights == [0.25, 0.20, 0.15, 0.10, 0.10, 0.10, 0.10])
        #expect(Domain.telco.bands == RiskBands())
        #expect(Domain.telco.schema.features[Domain.telco.segmentFeature].name == "Contract")
        #expect(Domain.telco.valueFeature.map { Domain.telco.schema.features[$0].name } == "MonthlyCharges")
    }

    @Test("changes a customer by the contract's table, row by row", arguments: EffectRow.all)
    func effects(_ row: EffectRow) throws {
        let rule = try #require(Domain.telco.events[EventType(rawValue: row.event)])
        let before = try self.features(row.before)
        let expected = try self.features(row.before.merging(row.after) { $1 })
        var features = before
        let changed = rule.effect.apply(to: &features)
        #expect(features == expected)
        #expect(changed == (expected != before))
    }

    @Test("offers a discount that lowers the monthly charges")
    func action() throws {
        let action = try #require(Domain.telco.actions.first { $0.id == "offer_discount" })
        var features = try self.features(["MonthlyCharges": .number(70)])
        action.effect.apply(to: &features)
        #expect(try features == self.features(["MonthlyCharges": .number(60)]))
    }
}
