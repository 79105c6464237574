import ChurnCore

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

    /// Creates an intervention.
    public init(
        customerID: String, action: String, type: String? = nil, note: String? = nil, agent: String = "System",
        time: Timestamp
    ) {
        self.customerID = customerID
        self.action = action
        self.type = type
        self.note = note
        self.agent = agent
        self.time = time
    }
}

/// Keeps what people did about customers.
public protocol InterventionLog: Sendable {
    /// Adds an intervention, and the audit entry with it; nil where there is no such customer, and then neither is kept.
    func log(_ intervention: NewIntervention, audit: AuditNote<Intervention>?) async throws -> Intervention?
}

extension InterventionLog {
    /// Adds an intervention without an audit entry; see ``log(_:audit:)``.
    public func log(_ intervention: NewIntervention) async throws -> Intervention? {
        try await self.log(intervention, audit: nil)
    }
}
