public import ChurnCore

/// A message to another system, before anyone tried to deliver it.
public struct NewDelivery: Hashable, Sendable {
    /// The number of the event that it reports.
    public var eventID: Int64
    /// Names the delivery to its receiver: the same on every attempt, and no other delivery's.
    public var key: String
    /// The body, the same on every attempt.
    public var body: [UInt8]

    /// Creates a delivery.
    public init(eventID: Int64, key: String, body: [UInt8]) {
        self.eventID = eventID
        self.key = key
        self.body = body
    }
}

/// A delivery that a node may try now.
public struct ClaimedDelivery: Hashable, Sendable {
    /// Our number of it.
    public var id: Int64
    /// The number of attempts that were begun, this one included.
    public var attempt: Int
    /// The content to send.
    public var content: NewDelivery

    /// Creates a claim.
    public init(id: Int64, attempt: Int, content: NewDelivery) {
        self.id = id
        self.attempt = attempt
        self.content = content
    }
}

/// The result of an attempt.
public struct DeliveryResult: Hashable, Sendable {
    /// The next step of a delivery.
    public enum Next: Hashable, Sendable {
        /// Nothing: it was delivered.
        case delivered
        /// Another attempt, not before this time has passed.
        case retry(after: Duration)
        /// Nothing: it is given up.
        case failed
    }

    /// The next step.
    public var next: Next
    /// The receiver's HTTP status; nil where none came.
    public var httpStatus: Int?
    /// The reason of the failure: one of few, authored names; nil where it was delivered.
    public var error: String?

    /// Creates a result.
    public init(_ next: Next, httpStatus: Int? = nil, error: String? = nil) {
        self.next = next
        self.httpStatus = httpStatus
        self.error = error
    }
}

/// A line of the delivery log.
public struct Delivery: Hashable, Sendable {
    /// The status of a delivery.
    public enum Status: String, CaseIterable, Hashable, Sendable {
        /// To be sent, or sent again.
        case pending
        /// The receiver took it.
        case delivered
        /// It was given up.
        case failed
    }

    /// Our number of it, rising.
    public var id: Int64
    /// The webhook's name.
    public var webhook: String
    /// The number of the event that it reports.
    public var eventID: Int64
    /// The name that its receiver knows it by.
    public var key: String
    /// The status.
    public var status: Status
    /// The number of attempts that were begun.
    public var attempts: Int
    /// The receiver's HTTP status at the last attempt; nil where none came.
    public var httpStatus: Int?
    /// The reason why the last attempt failed.
    public var error: String?
    /// The time of its creation.
    public var createdAt: Timestamp
    /// The time at which the last attempt began.
    public var attemptedAt: Timestamp?
    /// The time at which it was delivered or given up.
    public var finishedAt: Timestamp?

    /// Creates a line.
    public init(
        id: Int64, webhook: String, eventID: Int64, key: String, status: Status, attempts: Int,
        httpStatus: Int? = nil, error: String? = nil, createdAt: Timestamp, attemptedAt: Timestamp? = nil,
        finishedAt: Timestamp? = nil
    ) {
        self.id = id
        self.webhook = webhook
        self.eventID = eventID
        self.key = key
        self.status = status
        self.attempts = attempts
        self.httpStatus = httpStatus
        self.error = error
        self.createdAt = createdAt
        self.attemptedAt = attemptedAt
        self.finishedAt = finishedAt
    }
}
