import Foundation
import Testing

@testable import ChurnCore
@testable import ChurnInsight
@testable import churnd

@Suite("What commands print")
struct CommandTextTests {
    private static func outcome(
        _ actions: [String], _ label: String, _ probability: Double, value: Double?
    ) -> ActionOutcome {
        ActionOutcome(
            actions: actions, label: label, changes: [], before: 0.8, probability: probability, valueBefore: value,
            valueAfter: value)
    }

    private static func text(_ outcomes: [ActionOutcome], scenario: ActionOutcome? = nil, limit: Int = 20) -> ActionText
    {
        ActionText(
            customerID: "C-1",
            report: ActionReport(
                probability: 0.8, model: ModelIdentity(version: "m"), value: 50, scenario: scenario,
                outcomes: outcomes), limit: limit, domain: .telco)
    }

    @Test("actions stand under their heads, with the ids that --action takes")
    func actions() {
        let text = Self.text(
            [
                Self.outcome(["a", "b"], "A and b", 0.25, value: 50), Self.outcome(["b"], "B", 0.5, value: 123_456.78),
                Self.outcome(["a"], "A", 0.75, value: nil),
            ], limit: 3)
        #expect(
            text.table == """
                C-1: churn probability 0.8000 (High), model m

                probability   change  expected loss: now    then        gain  actions
                     0.2500  -0.5500         40.00       12.50      +27.50  A and b (a, b)
                     0.5000  -0.3000      98765.42    61728.39   +37037.03  B (b)
                     0.7500  -0.0500             -           -           -  A (a)
                The gain is expected by the model, not proven by outcomes.
                The model's bundle does not say which customers it learned from; train again to see.
                """)
    }

    @Test("what was asked for comes first, and how many outcomes are left out is said")
    func scenario() {
        let outcomes = [Self.outcome(["a"], "A", 0.5, value: 1), Self.outcome(["b"], "B", 0.6, value: 1)]
        let lines = Self.text(
            outcomes, scenario: Self.outcome([], "Contract to Two year", 0.7, value: 1), limit: 1
        ).table.split(separator: "\n")
        #expect(lines.count == 7)
        #expect(lines[2].hasSuffix("  Contract to Two year"))
        #expect(lines[6] == "1 more; see --limit")
        #expect(Self.text([]).table.hasSuffix("no action of the domain is possible for this customer"))
    }

    @Test("JSON of actions has the names of the REST interface, and values as they are")
    func actionJSON() throws {
        var outcome = Self.outcome(["a"], "A", 0.5, value: nil)
        outcome.changes = try [("Contract", FeatureValue.text("Two year")), ("tenure", .missing)].map { name, value in
            ActionOutcome.Change(feature: try #require(Domain.telco.schema.index(of: name)), value: value)
        }
        let json = try JSONSerialization.jsonObject(with: Data(Self.text([outcome]).json.utf8)) as? [String: Any]
        let actions = try #require(json?["actions"] as? [[String: Any]])
        let changes = try #require(actions.first?["changes"] as? [String: Any])
        #expect(json?["customer_id"] as? String == "C-1" && json?["model_version"] as? String == "m")
        #expect(changes["contract"] as? String == "Two year" && changes["tenure"] is NSNull)
        #expect(actions.first?["text"] as? String == "A: 0.80 to 0.50")
    }

    @Test("models are a table with heads")
    func models() {
        var second = Self.model("telco-b", auc: nil)
        second.role = .challenger
        second.canary = CanaryShare(0.05)
        #expect(
            ModelTables.list([Self.model("telco-long", auc: 0.84769), second]) == """
                model       role                    AUC     registered            by        from
                telco-long  archived                0.8477  2026-01-01T00:00:00Z  cli:root  /models/x
                telco-b     challenger, canary 5 %  -       2026-01-01T00:00:00Z  cli:root  /models/x
                """)
    }

    private static func model(_ version: String, auc: Double?) -> RegisteredModel {
        RegisteredModel(
            description: ModelDescription(
                version: version, domain: "telco", library: "xgboost", trainingRows: 1, trainingPositives: 1, trees: 1,
                metrics: auc.map { ["auc": $0] } ?? [:]),
            bundle: BundleReference(digest: "d"), schemaDigest: "s", source: "/models/x",
            registered: Timestamp(microseconds: 1_767_225_600_123_456), registeredBy: "cli:root")
    }

    @Test("a domain without actions is distinguished from a customer for whom none is possible")
    func noActions() {
        #expect(Self.text([]).table.hasSuffix("no action of the domain is possible for this customer"))
        var domain = Domain.telco
        domain.actions = []
        let text = ActionText(
            customerID: "C-1",
            report: ActionReport(
                probability: 0.8, model: ModelIdentity(version: "m"), value: 50, scenario: nil, outcomes: []),
            limit: 20, domain: domain)
        #expect(text.table.contains("the domain file names no actions"))
    }

    @Test("a summary has the features' labels, and its JSON their columns")
    func summary() throws {
        var domain = Domain.telco
        let schema = domain.schema.features.map { feature in
            var feature = feature
            feature.label = "The \(feature.name)"
            return feature
        }
        domain.schema = FeatureSchema(features: schema)
        let importances = schema.indices.map { Double($0) }
        let summary = ImportanceSummary(
            model: ModelIdentity(version: "m"), time: Timestamp(microseconds: 0),
            groups: [ImportanceSummary.Group(segment: nil, customers: 7, importances: importances)])
        #expect(SummaryText.table(summary, domain).contains("  The \(schema.last?.name ?? "?")"))
        #expect(try SummaryText.json(summary, domain).contains("\"\(schema.last?.column ?? "?")\""))
    }

    @Test("an AUC that is too good is doubted", arguments: [(0.985, false), (0.99, true), (1, true)])
    func doubt(_ auc: Double, _ isDoubted: Bool) {
        #expect((TrainingTables.doubt(auc: auc) != nil) == isDoubted)
    }

    @Test("health without any live score says so, and shows no figures of drift")
    func unscored() {
        let health = ModelHealth(
            models: [], drift: ModelHealth.DriftReport(since: 20_454, rows: 0, features: [], scores: nil),
            thresholds: DriftThresholds(), challenger: nil)
        let text = ModelTables.health(health)
        #expect(text.hasSuffix("Since 2026-01-01 no event was scored by the model that serves: no drift to report."))
        #expect(!text.contains("PSI"))
    }

    @Test("who or what is not known is named, with what there is")
    func unknown() {
        #expect(ChurnError.noCustomer("C-9", during: "explain a score").advice.hasPrefix("there is no customer C-9"))
        let error = #expect(throws: (any Error).self) {
            try FeatureAssignments.read(["Colour=red"], schema: Domain.telco.schema)
        }
        #expect(error.map { "\($0)" }?.contains("tenure") == true)
    }
}
