import ChurnCore
import ChurnInsight
import HTTPTypes
import Hummingbird

/// `GET /api/customer/{id}`: what a person sees about one customer.
struct CustomerRoute {
    let customers: any CustomerDirectory
    let domain: Domain
    let deadline: Duration
    /// The models that score what staff could do; empty where this process has none.
    let models: ModelSlot
    let canaryFallbacks: CanaryFallbacks

    /// The number of events shown.
    private static let recentEvents = 15
    /// The number of actions recommended.
    private static let recommendedActions = 5

    func add(to router: Router<ServeContext>) {
        router.get("/api/customer/:id") { _, context in
            try await self.answer(id: context.customerID())
        }
    }

    private func answer(id: String) async throws -> Response {
        let record = try await withDeadline(self.deadline) {
            try await self.customers.customer(id: id, recentEvents: Self.recentEvents)
        }
        guard let record else { throw Problem.customerNotFound }
        let recommended = try await self.recommended(for: record.state)
        return Response.json { json in
            self.write(record, to: &json)
            json.field("recommended_actions", array: recommended) { json, outcome in
                json.object { $0.fields(of: outcome, in: self.domain) }
            }
        }
    }

    /// Returns the actions that would lower the probability most; none where no model can score this customer.
    private func recommended(for state: CustomerState) async throws -> [ActionOutcome] {
        guard let lineup = self.models.lineup, !self.domain.actions.isEmpty else { return [] }
        let fallbacks = self.canaryFallbacks
        let simulator = ActionSimulator(domain: self.domain, lineup: lineup, customerID: state.id) {
            fallbacks.count(1)
        }
        do {
            return try await withDeadline(self.deadline) { try await simulator.report(on: state.features) }
                .recommended(Self.recommendedActions)
        } catch let error where error.failureDisposition == .reject {
            return []
        }
    }

    private func write(_ record: CustomerRecord, to json: inout JSONWriter) {
        json.field("details", object: { self.writeDetails(record.state, to: &$0) })
        json.field("intervention_log", array: record.interventions) { json, intervention in
            json.object { $0.fields(of: intervention, customerID: record.state.id) }
        }
        json.field("recent_events", array: record.recentEvents) { json, event in
            json.object { json in
                json.field("event_id", event.eventID)
                json.field("user_id", record.state.id)
                json.field("event_type", event.type.rawValue)
                json.field("event_timestamp", event.time)
                json.field("event_data", json: event.json)
                json.field("churn_probability", event.probability)
            }
        }
    }

    private func writeDetails(_ state: CustomerState, to json: inout JSONWriter) {
        json.columns(of: state, in: self.domain)
        json.field("churn_probability", state.latest?.probability)
        json.field("churn_risk", state.latest?.band.rawValue)
        json.field("prediction_timestamp", state.latest?.time)
        json.field("at_risk", state.alert.isAtRisk)
        json.field("version", state.version)
    }
}
