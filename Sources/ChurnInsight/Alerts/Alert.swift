import ChurnCore

/// Where an alert stands between being raised and being done with.
public enum AlertStatus: String, CaseIterable, Hashable, Sendable {
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

/// What people did about an alert.
public struct AlertHandling: Hashable, Sendable {
    /// Where it was put; what counts is ``status(at:)``.
    public var status: AlertStatus
    /// Who is to deal with it; stays while it is snoozed.
    public var assignee: String?
    /// When a snoozed one is open again.
    public var snoozedUntil: Timestamp?
    /// How a resolved one ended.
    public var outcome: String?
    /// Who changed it last; nil before the first change.
    public var changedBy: String?
    /// When it was changed last.
    public var changedAt: Timestamp?
    /// How often it was changed; whoever changes it names the version that they have seen.
    public var version: Int64

    /// Creates what people did; without arguments, nothing.
    public init(
        status: AlertStatus = .open, assignee: String? = nil, snoozedUntil: Timestamp? = nil, outcome: String? = nil,
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

    /// Where the alert stands: one that was snoozed is open once its time is over.
    public func status(at now: Timestamp) -> AlertStatus {
        if self.status == .snoozed, let snoozedUntil, snoozedUntil <= now { return .open }
        return self.status
    }
}

/// An event that made its customer one at risk, and what people did about it.
public struct Alert: Hashable, Sendable {
    /// The event's number.
    public var id: Int64
    /// The customer.
    public var customerID: String
    /// What happened.
    public var eventType: EventType
    /// When it happened.
    public var eventTime: Timestamp
    /// When we logged it.
    public var raisedAt: Timestamp
    /// The score that it led to.
    public var probability: Double
    /// The band that the score falls into.
    public var band: RiskBand
    /// What people did.
    public var handling: AlertHandling

    /// Creates an alert.
    public init(
        id: Int64, customerID: String, eventType: EventType, eventTime: Timestamp, raisedAt: Timestamp,
        probability: Double, band: RiskBand, handling: AlertHandling = AlertHandling()
    ) {
        self.id = id
        self.customerID = customerID
        self.eventType = eventType
        self.eventTime = eventTime
        self.raisedAt = raisedAt
        self.probability = probability
        self.band = band
        self.handling = handling
    }
}
