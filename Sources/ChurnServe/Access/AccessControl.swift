import ChurnCore
public import ChurnInsight

/// The access to a server, and the log of changes.
public struct AccessControl: Sendable {
    /// Resolves a bearer's token to its principal; nil where everyone may do everything.
    public var authenticator: (any Authenticator)?
    /// Keeps what people changed.
    public var audit: any AuditLog

    /// Only those whom the authenticator knows, each what its roles allow.
    public init(authenticator: any Authenticator, audit: any AuditLog) {
        self.authenticator = authenticator
        self.audit = audit
    }

    private init(openWith audit: any AuditLog) {
        self.authenticator = nil
        self.audit = audit
    }

    /// Everyone may do everything; a server takes it on loopback only.
    public static func open(audit: any AuditLog = InMemoryAuditLog()) -> AccessControl { Self(openWith: audit) }

    /// Whether everyone may do everything.
    public var isOpen: Bool { self.authenticator == nil }
}
