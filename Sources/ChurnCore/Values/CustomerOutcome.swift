/// The outcome of a customer: left or stayed.
public struct CustomerOutcome: Hashable, Sendable {
    /// The time by which an outcome may lie ahead of our clock; what is dated later has not happened yet.
    public static let clockTolerance = Duration.seconds(300)

    /// The customer.
    public var customerID: String
    /// The time at which it became known; it is compared with scores from before.
    public var time: Timestamp
    /// Whether the customer left.
    public var hasChurned: Bool
    /// The number of the event that said so, which knew it, as all do that were scored after it; nil where no event did.
    public var eventID: Int64?

    /// Creates an outcome.
    public init(customerID: String, time: Timestamp, hasChurned: Bool, eventID: Int64? = nil) {
        self.customerID = customerID
        self.time = time
        self.hasChurned = hasChurned
        self.eventID = eventID
    }
}
