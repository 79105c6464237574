public import ChurnCore

/// The status of a case between being raised and being done with.
public enum CaseStatus: String, CaseIterable, Hashable, Sendable {
    /// No one deals with it.
    case open
    /// It was seen.
    case acknowledged
    /// It was given to someone.
    case assigned
    /// No one needs to look until a stated time; open again from then on.
    case snoozed
    /// Done with.
    case resolved
}

/// The handling of a case by people.
public struct CaseHandling: Hashable, Sendable {
    /// The status that was set; what counts is ``status(at:)``.
    public var status: CaseStatus
    /// The person who is to deal with it; stays while it is snoozed.
    public var assignee: String?
    /// The time at which a snoozed one is open again.
    public var snoozedUntil: Timestamp?
    /// The outcome of a resolved one.
    public var outcome: String?
    /// The person who changed it last; nil before the first change.
    public var changedBy: String?
    /// The time of the last change.
    public var changedAt: Timestamp?
    /// The number of changes; each change names the version that its sender has seen.
    public var version: Int64

    /// Creates what people did; without arguments, nothing.
    public init(
        status: CaseStatus = .open, assignee: String? = nil, snoozedUntil: Timestamp? = nil, outcome: String? = nil,
        changedBy: String? = nil, changedAt: Timestamp? = nil, version: Int64 = 0
    ) {
        self.status = status
        self.assignee = assignee
        self.snoozedUntil = snoozedUntil
        self.outcome = outcome
        self.changedBy = changedBy
        self.changedAt = changedAt
        self.version = version
    }

    /// Returns the status: a case that was snoozed is open once its time is over.
    public func status(at now: Timestamp) -> CaseStatus {
        if self.status == .snoozed, let snoozedUntil, snoozedUntil <= now { return .open }
        return self.status
    }
}

/// A customer that became at risk by an event, and what people did about it.
public struct CustomerCase: Hashable, Sendable {
    /// The event's number.
    public var id: Int64
    /// The customer.
    public var customerID: String
    /// The type of event.
    public var eventType: EventType
    /// The event's time.
    public var eventTime: Timestamp
    /// The time at which it was logged.
    public var raisedAt: Timestamp
    /// The score that it led to.
    public var probability: Double
    /// The band that the score falls into.
    public var band: RiskBand
    /// The handling by people.
    public var handling: CaseHandling
    /// The customer as it is now; nil where it is no longer known.
    public var customer: CaseCustomer?
    /// The column of the feature that raised the score most; nil where the event was not explained.
    public var reason: String?

    /// Creates a case.
    public init(
        id: Int64, customerID: String, eventType: EventType, eventTime: Timestamp, raisedAt: Timestamp,
        probability: Double, band: RiskBand, handling: CaseHandling = CaseHandling(), customer: CaseCustomer? = nil,
        reason: String? = nil
    ) {
        self.id = id
        self.customerID = customerID
        self.eventType = eventType
        self.eventTime = eventTime
        self.raisedAt = raisedAt
        self.probability = probability
        self.band = band
        self.handling = handling
        self.customer = customer
        self.reason = reason
    }
}
