import ChurnCore
import ChurnInsight
import Foundation

/// The effect of actions on one customer's score, for people and as JSON.
struct ActionText {
    let customerID: String
    let report: ActionReport
    /// The most outcomes that are shown; a scenario comes before them.
    let limit: Int
    let domain: Domain

    private var outcomes: [ActionOutcome] { Array(self.report.outcomes.prefix(self.limit)) }

    /// A head, and a line for each outcome with the ids that `--action` takes.
    var table: String {
        var lines = [
            "\(self.customerID): churn probability " + String(format: "%.4f", self.report.probability)
                + " (\(self.domain.bands.band(of: self.report.probability).rawValue)), "
                + "model \(self.report.model.version)"
        ]
        let shown = [self.report.scenario].compactMap { $0 } + self.outcomes
        if !shown.isEmpty {
            lines += ["", "probability   change  expected loss: now    then        gain  actions"]
            lines += shown.flatMap { outcome in
                let money = [outcome.valueAtRiskBefore, outcome.valueAtRiskAfter]
                    .map { Self.right($0.map { String(format: "%.2f", $0) } ?? "-", 10) }.joined(separator: "  ")
                let gain = Self.right(outcome.expectedGain.map { String(format: "%+.2f", $0) } ?? "-", 10)
                let ids = outcome.actions.isEmpty ? "" : " (\(outcome.actions.joined(separator: ", ")))"
                return [
                    String(format: "     %.4f  %+.4f    ", outcome.probability, outcome.change)
                        + "\(money)  \(gain)  \(outcome.label)\(ids)"
                ] + outcome.caveats.map { "             far from training: \($0)" }
            }
            lines.append("The gain is expected by the model, not proven by outcomes.")
            if !self.report.isReachKnown {
                lines.append("The model's bundle does not say which customers it learned from; train again to see.")
            }
        }
        if self.report.outcomes.isEmpty {
            let none = "the domain file names no actions; describe under `actions` what staff can do"
            lines += ["", self.domain.actions.isEmpty ? none : "no action of the domain is possible for this customer"]
        } else if self.outcomes.count < self.report.outcomes.count {
            lines.append("\(self.report.outcomes.count - self.outcomes.count) more; see --limit")
        }
        return lines.joined(separator: "\n")
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private struct Outcome: Encodable {
        var actions: [String]
        var label: String
        var changes: [String: CodableFeature]
        var churn_probability: Double
        var change: Double
        var expected_loss_before: Double?
        var expected_loss_after: Double?
        var value_at_risk_before: Double?
        var value_at_risk_after: Double?
        var expected_gain: Double?
        var cost: Double
        var months: Double
        var evidence = "model"
        var caveats: [String]
        var text: String
    }

    private struct Answer: Encodable {
        var customer_id: String
        var churn_probability: Double
        var model_version: String
        var value: Double?
        var reach_known: Bool
        var scenario: Outcome?
        var actions: [Outcome]
    }

    /// The names of the REST interface.
    var json: String {
        get throws {
            try OutputJSON.text(
                Answer(
                    customer_id: self.customerID, churn_probability: self.report.probability,
                    model_version: self.report.model.version, value: self.report.value,
                    reach_known: self.report.isReachKnown, scenario: self.report.scenario.map(self.written),
                    actions: self.outcomes.map(self.written)))
        }
    }

    /// An amount to its hundredth, as the REST interface has it.
    private static func money(_ amount: Double) -> Double { (amount * 100).rounded() / 100 }

    private func written(_ outcome: ActionOutcome) -> Outcome {
        let changes = outcome.changes.map {
            (self.domain.schema.features[$0.feature].column, CodableFeature($0.value))
        }
        return Outcome(
            actions: outcome.actions, label: outcome.label,
            changes: Dictionary(changes, uniquingKeysWith: { _, last in last }),
            churn_probability: outcome.probability, change: outcome.change,
            expected_loss_before: outcome.valueAtRiskBefore.map(Self.money),
            expected_loss_after: outcome.valueAtRiskAfter.map(Self.money),
            value_at_risk_before: outcome.valueAtRiskBefore.map(Self.money),
            value_at_risk_after: outcome.valueAtRiskAfter.map(Self.money),
            expected_gain: outcome.expectedGain.map(Self.money), cost: outcome.cost, months: outcome.months,
            caveats: outcome.caveats, text: outcome.text)
    }
}
