import ChurnCore
import ChurnInsight

/// An event beside the customer to whom it happened.
struct EventOfCustomer: Sendable {
    var customerID: String
    var event: RecentEvent
}

extension Shape<EventOfCustomer> {
    /// An event of one customer.
    static var event: Shape {
        Shape(
            "CustomerEvent",
            [
                Field("event_id") { $0.event.eventID },
                Field("user_id") { $0.customerID },
                Field("event_type") { $0.event.type.rawValue },
                Field("event_timestamp") { $0.event.time },
                Field("event_data", "The event as it came.") { JSONBytes($0.event.json) },
                Field("churn_probability", schema: .probability.orNull()) { $0.event.probability },
            ])
    }
}

extension Shape<LoggedEvent> {
    /// An event of any customer.
    static var logged: Shape {
        let event: [Field<LoggedEvent>] = Shape<EventOfCustomer>.event.fields.map { field in
            field.of { EventOfCustomer(customerID: $0.customerID, event: $0.event) }
        }
        let log: [Field<LoggedEvent>] = [
            Field("is_alert") { $0.isAlert },
            Field("became_at_risk") { $0.becameAtRisk },
        ]
        return Shape("LoggedEvent", event + log)
    }
}
