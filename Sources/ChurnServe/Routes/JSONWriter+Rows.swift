import ChurnCore
import ChurnInsight
import HTTPTypes
import Hummingbird
import NIOCore

extension JSONWriter {
    /// Every column of the `users` table.
    mutating func columns(of state: CustomerState, in domain: Domain) {
        self.field(domain.idColumn, state.id)
        for (feature, value) in zip(domain.schema.features, state.features) { self.field(feature.column, value) }
    }

    /// Writes an intervention for a customer.
    mutating func fields(of intervention: Intervention, customerID: String) {
        self.field("log_id", intervention.id)
        self.field("customer_id", customerID)
        self.field("action_taken", intervention.action)
        self.field("log_timestamp", intervention.time)
        self.field("agent_id", intervention.agent)
        self.field("intervention_type", intervention.type)
        self.field("description", intervention.note)
    }

    /// An event of any customer.
    mutating func fields(of logged: LoggedEvent) {
        self.field("event_id", logged.event.eventID)
        self.field("user_id", logged.customerID)
        self.field("event_type", logged.event.type.rawValue)
        self.field("event_timestamp", logged.event.time)
        self.field("event_data", json: logged.event.json)
        self.field("churn_probability", logged.event.probability)
        self.field("is_alert", logged.isAlert)
        self.field("became_at_risk", logged.becameAtRisk)
    }
}

extension Response {
    /// An answer of one JSON array.
    static func json<Element>(
        array elements: some Sequence<Element>, _ body: (inout JSONWriter, Element) -> Void
    ) -> Response {
        var json = JSONWriter()
        json.array(elements) { json, element in json.object { body(&$0, element) } }
        return .json(json.buffer)
    }

    /// An answer of JSON that is written.
    static func json(_ text: ByteBuffer) -> Response {
        Response(status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: text))
    }
}
