import ArgumentParser
import ChurnCore
import ChurnModel
import ChurnStore
import Foundation

/// `churnd simulate-actions`: what staff could do about a customer, with the scores that it would have.
struct SimulateActionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate-actions",
        abstract: "Show what staff could do about a customer, and the score that it would have.",
        discussion: """
            The domain's actions that are possible now, alone and in pairs, the lowest probability first. Nothing is \
            stored. The value at risk is the probability times what the customer pays each month.
            """)

    @Option(help: "The customer's id.") var customer: String
    @Option(help: "The id of an action to play, in this order with others. Repeat for more.") var action: [String] = []
    @Option(name: .customLong("set"), help: "A change to play, as Feature=Value; no value for one that is not known.")
    var changes: [String] = []
    @Option(help: "How many outcomes are shown.") var limit = 20
    @OptionGroup var process: ProcessOptions
    @OptionGroup var postgres: PostgresOptions

    func run() async throws {
        let deployment = try Deployment(self.process, self.postgres)
        let scenario = ActionScenario(
            actions: self.action,
            changes: try FeatureAssignments.read(self.changes, schema: deployment.domain.schema))
        let simulator = ActionSimulator(
            domain: deployment.domain, lineup: try await deployment.lineup(), customerID: self.customer)
        let report: ActionReport?
        do {
            report = try await deployment.withStore { store in
                try await simulator.report(on: self.customer, in: store, scenario: scenario)
            }
        } catch ActionScenarioError.unknownAction(let place) {
            let near = ClosestName.of(self.action[place], in: deployment.domain.actions.map(\.id))
            throw ValidationError(
                "The domain has no action \(self.action[place])\(near.map { "; did you mean \($0)?" } ?? ".")")
        } catch ActionScenarioError.impossibleAction(let place) {
            throw ValidationError("The action \(self.action[place]) is not possible for this customer as it is then.")
        }
        guard let report else {
            throw ChurnError(
                .dataRefused, .fatal, during: "simulate actions", advice: "there is no customer of this id in users")
        }
        print(Self.text(report, limit: self.limit))
    }

    private static func text(_ report: ActionReport, limit: Int) -> String {
        var lines = [
            String(format: "probability %.4f, model %@", report.probability, report.model.version),
            "",
            "probability   change   at risk: now    then  actions",
        ]
        lines += ([report.scenario].compactMap { $0 } + report.outcomes.prefix(max(0, limit))).map { outcome in
            let money = [outcome.valueAtRiskBefore, outcome.valueAtRiskAfter]
                .map { $0.map { String(format: "%8.2f", $0) } ?? "       -" }.joined(separator: " ")
            return String(format: "     %.4f  %+.4f      ", outcome.probability, outcome.change)
                + "\(money)  \(outcome.text)"
        }
        if report.outcomes.isEmpty { lines.append("no action of the domain is possible for this customer") }
        return lines.joined(separator: "\n")
    }
}
