import ChurnCore
import ChurnInsight

/// An event and the customer to whom it happened.
private protocol CustomersEvent: Sendable {
    var customerID: String { get }
    var event: RecentEvent { get }
}

/// An event beside the customer to whom it happened.
struct EventOfCustomer: Sendable {
    var customerID: String
    var event: RecentEvent
}

extension EventOfCustomer: CustomersEvent {}
extension LoggedEvent: CustomersEvent {}

extension Shape where Value: CustomersEvent {
    /// The members of every event.
    @inline(__always)  // So that each closure reads its value in place: pages have a thousand events.
    fileprivate static var eventFields: [Field<Value>] {
        [
            Field("event_id") { $0.event.eventID },
            Field("user_id") { $0.customerID },
            Field("event_type") { $0.event.type.rawValue },
            Field("event_timestamp") { $0.event.time },
            Field("event_data", "The event as it came.") { JSONBytes($0.event.json) },
            Field("churn_probability", schema: .probability.orNull()) { $0.event.probability },
        ]
    }
}

extension Shape<EventOfCustomer> {
    /// An event of one customer.
    static var event: Shape { Shape("CustomerEvent", self.eventFields) }
}

extension Shape<LoggedEvent> {
    /// An event of any customer.
    static var logged: Shape {
        let log: [Field<LoggedEvent>] = [
            Field("is_alert") { $0.isAlert },
            Field("became_at_risk") { $0.becameAtRisk },
        ]
        return Shape("LoggedEvent", self.eventFields + log)
    }
}
