public import ChurnCore

/// The permissions of a principal; each role only what it names.
public enum Role: String, CaseIterable, Hashable, Sendable {
    /// Reads everything that people see.
    case viewer
    /// Reads, logs interventions and works on cases.
    case agent
    /// Sends events to every socket, and asks for scores.
    case ingest
    /// All of it.
    case admin
}

/// The authenticated caller.
public struct Principal: Hashable, Sendable {
    /// The name that the audit log and the limits know it by.
    public var name: String
    /// The roles.
    public var roles: Set<Role>
    /// The end of its credential; nil for none.
    public var expiry: Timestamp?

    /// Creates a principal.
    public init(name: String, roles: Set<Role>, expiry: Timestamp? = nil) {
        self.name = name
        self.roles = roles
        self.expiry = expiry
    }

    /// Returns whether it may do what any of the roles may.
    public func may(_ roles: Set<Role>) -> Bool { self.roles.contains(.admin) || !self.roles.isDisjoint(with: roles) }
}
