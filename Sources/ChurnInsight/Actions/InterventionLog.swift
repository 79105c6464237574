public import ChurnCore

/// An intervention of a person for a customer, before it has a number.
public struct NewIntervention: Hashable, Sendable {
    /// The customer.
    public var customerID: String
    /// The action: the id of one of the domain's actions, or a free text.
    public var action: String
    /// The kind of intervention; nil where none was given.
    public var type: String?
    /// More about it; nil where no one said.
    public var note: String?
    /// The person who did it.
    public var agent: String
    /// The time of the intervention.
    public var time: Timestamp
    /// The domain's action that it was; nil for a free text.
    public var actionID: String?
    /// The case that it is about; nil for the customer's newest that is not resolved, if there is one.
    public var caseID: Int64?
    /// The sender's own name of the write; nil where it gave none.
    public var writeKey: String?

    /// Creates an intervention.
    public init(
        customerID: String, action: String, type: String? = nil, note: String? = nil, agent: String = "System",
        time: Timestamp, actionID: String? = nil, caseID: Int64? = nil, writeKey: String? = nil
    ) {
        self.customerID = customerID
        self.action = action
        self.type = type
        self.note = note
        self.agent = agent
        self.time = time
        self.actionID = actionID
        self.caseID = caseID
        self.writeKey = writeKey
    }
}

/// Keeps what people did about customers.
public protocol InterventionLog: Sendable {
    /// Adds an intervention, and the audit entry with it; nil where there is no such customer, and then neither is kept.
    ///
    /// It is a step of its case in the same transaction: an open case is acknowledged by it, and its history names it.
    /// One with the write key of an earlier one of the same customer is not kept again: the earlier one is returned.
    ///
    /// - `now`: the time of the step; interventions may be logged with earlier times.
    /// - Throws: `dataRefused` for a case that is none of this customer; nothing is kept.
    func log(
        _ intervention: NewIntervention, at now: Timestamp, audit: AuditNote<Intervention>?
    ) async throws -> Intervention?
}

extension InterventionLog {
    /// Adds an intervention whose step is of its own time.
    public func log(_ intervention: NewIntervention, audit: AuditNote<Intervention>?) async throws -> Intervention? {
        try await self.log(intervention, at: intervention.time, audit: audit)
    }

    /// Adds an intervention without an audit entry; see ``log(_:at:audit:)``.
    public func log(_ intervention: NewIntervention) async throws -> Intervention? {
        try await self.log(intervention, audit: nil)
    }
}
