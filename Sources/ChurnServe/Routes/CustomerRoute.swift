import ChurnCore
import HTTPTypes
import Hummingbird

/// `GET /api/customer/{id}`: what a person sees about one customer.
struct CustomerRoute {
    let customers: any CustomerDirectory
    let domain: Domain
    let deadline: Duration

    /// How many events are shown.
    private static let recentEvents = 15
    /// No id is longer; a longer text is no id.
    private static let maximumIDBytes = 256

    func add(to router: Router<ServeContext>) {
        router.get("/api/customer/:id") { _, context in
            try await self.answer(id: context.parameters.get("id").flatMap(PercentEncoding.decode))
        }
    }

    private func answer(id: String?) async throws -> Response {
        guard let id, !id.isEmpty, id.utf8.count <= Self.maximumIDBytes, !id.utf8.contains(0) else {
            throw Problem.customerNotFound
        }
        let record = try await withDeadline(self.deadline) {
            try await self.customers.customer(id: id, recentEvents: Self.recentEvents)
        }
        guard let record else { throw Problem.customerNotFound }
        return Response.json { self.write(record, to: &$0) }
    }

    private func write(_ record: CustomerRecord, to json: inout JSONWriter) {
        json.field("details", object: { self.writeDetails(record.state, to: &$0) })
        json.field("intervention_log", array: record.interventions) { json, intervention in
            json.object { json in
                json.field("log_id", intervention.id)
                json.field("customer_id", record.state.id)
                json.field("action_taken", intervention.action)
                json.field("log_timestamp", intervention.time.iso8601)
                json.field("agent_id", intervention.agent)
            }
        }
        json.field("recent_events", array: record.recentEvents) { json, event in
            json.object { json in
                json.field("event_id", event.eventID)
                json.field("user_id", record.state.id)
                json.field("event_type", event.type.rawValue)
                json.field("event_timestamp", event.time.iso8601)
                json.field("event_data", json: event.json)
                json.field("churn_probability", event.probability)
            }
        }
    }

    private func writeDetails(_ state: CustomerState, to json: inout JSONWriter) {
        json.field(self.domain.idColumn, state.id)
        for (feature, value) in zip(self.domain.schema.features, state.features) {
            switch value {
            case .missing: json.field(feature.column, Double?.none)
            case .number(let number): json.field(feature.column, number)
            case .text(let text): json.field(feature.column, text)
            case .boolean(let flag): json.field(feature.column, flag)
            }
        }
        json.field("churn_probability", state.latest?.probability)
        json.field("churn_risk", state.latest?.band.rawValue)
        json.field("prediction_timestamp", state.latest?.time.iso8601)
        json.field("at_risk", state.alert.isAtRisk)
        json.field("version", state.version)
    }
}
