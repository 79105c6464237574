import ArgumentParser
import ChurnCore
import ChurnFiles
import ChurnInsight
import ChurnModel
import ChurnStore
import Foundation

/// `churnd simulate-actions`: what staff could do about a customer, with the scores that it would have.
struct SimulateActionsCommand: ConfiguredCommand {
    static let about = CommandConfiguration(
        commandName: "simulate-actions",
        abstract: "Show what staff could do about a customer, and the score that it would have.",
        discussion: """
            The domain's actions that are possible now, alone and in pairs: the largest expected gain first, those \
            that would make the customer unlike all that the model learned from last. Nothing is stored. The expected \
            loss is the probability times what the customer pays each month; the gain is the change of what it pays \
            times the probability that it stays, over the action's months, less its cost.
            """)

    @Option(help: "The customer's id.") var customer: String
    @Option(help: "The id of an action to play, in this order with others. Repeat for more.") var action: [String] = []
    @Option(name: .customLong("set"), help: "A change to play, as Feature=Value; no value for one that is not known.")
    var changes: [String] = []
    @Option(help: "How many outcomes are shown.") var limit = 20
    @Flag(help: "Print JSON.") var json = false

    func run(_ given: ConfigurationFlags) async throws {
        let deployment = try Deployment(given)
        let scenario = ActionScenario(
            actions: self.action,
            changes: try FeatureAssignments.read(self.changes, schema: deployment.domain.schema))
        let whatIf = WhatIf(
            domain: deployment.domain, lineup: try await deployment.lineup(), customerID: self.customer)
        let report: ActionReport?
        do {
            report = try await deployment.withStore { store in
                try await whatIf.report(on: self.customer, in: store, scenario: scenario)
            }
        } catch ActionScenarioError.unknownAction(let place) {
            let known = deployment.domain.actions.map(\.id)
            let near = ClosestName.of(self.action[place], in: known).map { "did you mean \($0)?" }
            throw ValidationError(
                "The domain has no action \(self.action[place]); "
                    + (near ?? (known.isEmpty ? "it has none." : "it has \(known.joined(separator: ", ")).")))
        } catch ActionScenarioError.impossibleAction(let place) {
            throw ValidationError("The action \(self.action[place]) is not possible for this customer as it is then.")
        }
        guard let report else {
            throw ChurnError.noCustomer(self.customer, during: "answer a what-if")
        }
        let text = ActionText(
            customerID: self.customer, report: report, limit: max(0, self.limit), domain: deployment.domain)
        print(self.json ? try text.json : text.table)
    }
}
