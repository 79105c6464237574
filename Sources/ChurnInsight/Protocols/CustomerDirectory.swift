public import ChurnCore

/// One line of a customer's history.
public struct RecentEvent: Hashable, Sendable {
    /// Our number of the event.
    public var eventID: Int64
    /// The type of event.
    public var type: EventType
    /// The event's time.
    public var time: Timestamp
    /// The event as it came, JSON in UTF-8.
    public var json: [UInt8]
    /// The score that it led to; nil for a duplicate.
    public var probability: Double?
    /// The change of the score, as far as it is kept; timelines and lists of changes have it.
    public var change: ScoreChange?

    /// Creates a line of history.
    public init(
        eventID: Int64, type: EventType, time: Timestamp, json: [UInt8], probability: Double?,
        change: ScoreChange? = nil
    ) {
        self.eventID = eventID
        self.type = type
        self.time = time
        self.json = json
        self.probability = probability
        self.change = change
    }
}

/// Something that a person did about a customer.
public struct Intervention: Hashable, Sendable {
    /// Our number of it.
    public var id: Int64
    /// The action.
    public var action: String
    /// The time of the action.
    public var time: Timestamp
    /// The person who did it.
    public var agent: String
    /// The kind of intervention; nil where none was given.
    public var type: String?
    /// More about it; nil where no one said.
    public var note: String?
    /// The domain's action that it was; nil for a free text.
    public var actionID: String?
    /// The case that it was about; nil where the customer had none.
    public var caseID: Int64?
    /// The number of the customer's latest score at that time; nil where there was none.
    public var predictionID: Int64?

    /// Creates an intervention.
    public init(
        id: Int64, action: String, time: Timestamp, agent: String, type: String? = nil, note: String? = nil,
        actionID: String? = nil, caseID: Int64? = nil, predictionID: Int64? = nil
    ) {
        self.id = id
        self.action = action
        self.time = time
        self.agent = agent
        self.type = type
        self.note = note
        self.actionID = actionID
        self.caseID = caseID
        self.predictionID = predictionID
    }
}

/// The record of one customer for a person.
public struct CustomerRecord: Hashable, Sendable {
    /// The current state.
    public var state: CustomerState
    /// The newest events, newest first.
    public var recentEvents: [RecentEvent]
    /// The interventions, newest first.
    public var interventions: [Intervention]
    /// The version of the model that made the latest score; nil where there is none, or its row is no longer kept.
    public var scoredBy: String?

    /// Creates a customer's record.
    public init(
        state: CustomerState, recentEvents: [RecentEvent], interventions: [Intervention], scoredBy: String? = nil
    ) {
        self.state = state
        self.recentEvents = recentEvents
        self.interventions = interventions
        self.scoredBy = scoredBy
    }
}

/// Looks customers up for people and jobs; not on the path of an event.
public protocol CustomerDirectory: Sendable {
    /// One customer with its newest events and interventions; nil where there is none of that id.
    func customer(id: String, recentEvents: Int) async throws -> CustomerRecord?
    /// Customers' ids in ascending order (by UTF-8 bytes) after `id` (nil for the first), at most `limit`.
    func customerIDs(after id: String?, limit: Int) async throws -> [String]
    /// Returns the number of customers.
    func customerCount() async throws -> Int
    /// Adds customers, or replaces the features of those that exist (whose version rises); returns how many were new.
    ///
    /// One with a time of leaving is marked as left from then on, unless it was marked before; scores do not come in.
    ///
    /// Refuses all of them, as data, where an id is not in Unicode normal form C: such ids could be equal to one part of
    /// the system and different to another.
    func importCustomers(_ customers: [CustomerState]) async throws -> Int
}
