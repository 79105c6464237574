import ChurnCore
import ChurnInsight
import Hummingbird

/// `POST /api/simulate`: what staff could do about a customer, each with the score that it would have; nothing is
/// stored.
struct SimulateRoute {
    let dependencies: APIDependencies

    func add(to router: Router<ServeContext>) {
        router.post("/api/simulate") { request, _ in
            try request.parameters().allowOnly([])
            let members = try await request.jsonObject(limit: self.dependencies.limits.maximumBodyBytes)
            let form = try SimulateForm(members, domain: self.dependencies.domain)
            guard let lineup = self.dependencies.queries.models.lineup else { throw Problem.noModel }
            let fallbacks = self.dependencies.canaryFallbacks
            let simulator = ActionSimulator(
                domain: self.dependencies.domain, lineup: lineup, customerID: form.customerID,
                fallback: { fallbacks.count(1) })
            let report = try await self.report(form, from: simulator)
            return Response.json { json in
                json.field("customer_id", form.customerID)
                json.field("churn_probability", report.probability)
                json.field("model_version", report.model.version)
                json.field("value", report.value)
                if let scenario = report.scenario {
                    json.field("scenario", object: { $0.fields(of: scenario, in: self.dependencies.domain) })
                }
                json.field("actions", array: report.outcomes) { json, outcome in
                    json.object { $0.fields(of: outcome, in: self.dependencies.domain) }
                }
            }
        }
    }

    private func report(_ form: SimulateForm, from simulator: ActionSimulator) async throws -> ActionReport {
        do {
            let report = try await self.dependencies.ask { queries in
                try await simulator.report(on: form.customerID, in: queries.states, scenario: form.scenario)
            }
            guard let report else { throw Problem.customerNotFound }
            return report
        } catch is ActionScenarioError {
            throw Problem.impossibleAction
        } catch let error where error.failureDisposition == .reject {
            throw Problem.notScorable
        }
    }
}

extension JSONWriter {
    /// The members of an outcome.
    mutating func fields(of outcome: ActionOutcome, in domain: Domain) {
        self.field("actions", array: outcome.actions) { $0.element($1) }
        self.field("label", outcome.label)
        self.field(
            "changes",
            object: { json in
                for change in outcome.changes {
                    json.field(domain.schema.features[change.feature].column, change.value)
                }
            })
        self.field("churn_probability", outcome.probability)
        self.field("change", outcome.change)
        self.field("value_at_risk_before", money: outcome.valueAtRiskBefore)
        self.field("value_at_risk_after", money: outcome.valueAtRiskAfter)
        self.field("text", outcome.text)
    }
}
