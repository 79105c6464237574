public import ChurnCore

/// An alert with what the domain shows of its customer.
public struct LoggedAlert: Hashable, Sendable {
    /// Our number of the event that raised it.
    public var eventID: Int64
    /// The customer.
    public var customerID: String
    /// The type of event.
    public var type: EventType
    /// The event's time.
    public var time: Timestamp
    /// The score that it led to.
    public var probability: Double?
    /// Whether it made its customer one at risk.
    public var becameAtRisk: Bool
    /// The values of the domain's update fields, in their order; nil where the customer was removed since.
    public var shown: [FeatureValue]?

    /// Creates a logged alert.
    public init(
        eventID: Int64, customerID: String, type: EventType, time: Timestamp, probability: Double?,
        becameAtRisk: Bool, shown: [FeatureValue]? = nil
    ) {
        self.eventID = eventID
        self.customerID = customerID
        self.type = type
        self.time = time
        self.probability = probability
        self.becameAtRisk = becameAtRisk
        self.shown = shown
    }

    /// The alert that an event raised, with its customer as it is now.
    public init(_ logged: LoggedEvent, of customer: CustomerState?, in domain: Domain) {
        self.init(
            eventID: logged.event.eventID, customerID: logged.customerID, type: logged.event.type,
            time: logged.event.time, probability: logged.event.probability, becameAtRisk: logged.becameAtRisk,
            shown: customer.map { customer in domain.updateFields.map { customer.features[$0.feature] } })
    }
}
