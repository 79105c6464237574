public import ChurnCore

/// Something that a person or a program changed, before it has a number.
public struct NewAuditEntry: Hashable, Sendable {
    /// The time of the change.
    public var time: Timestamp
    /// The principal's name.
    public var actor: String
    /// The action, in two words that programs can rely on, such as `intervention.logged`.
    public var action: String
    /// The subject of the action, such as a customer's id; nil where nothing can be named.
    public var subject: String?
    /// More about it, for people; never a secret.
    public var detail: String?

    /// Creates an entry.
    public init(time: Timestamp, actor: String, action: String, subject: String? = nil, detail: String? = nil) {
        self.time = time
        self.actor = actor
        self.action = action
        self.subject = subject
        self.detail = detail
    }
}

/// The audit log's entry for a change, made from the change as it was done.
///
/// A store that is given one writes change and entry together: where the entry cannot be written nothing changes, and
/// where nothing changes nothing is written.
public typealias AuditNote<Change> = @Sendable (Change) -> NewAuditEntry

/// An entry of the audit log.
public struct AuditEntry: Hashable, Sendable {
    /// Our number of it, rising with the order in which entries were recorded.
    public var id: Int64
    /// The entry's content.
    public var entry: NewAuditEntry

    /// Creates an entry.
    public init(id: Int64, entry: NewAuditEntry) {
        self.id = id
        self.entry = entry
    }
}

/// Keeps what people changed: entries are added and read, never altered.
public protocol AuditLog: Sendable {
    /// Adds an entry and returns it with its number.
    ///
    /// - Throws: `dataRefused` for a text that holds NUL.
    @discardableResult
    func record(_ entry: NewAuditEntry) async throws -> AuditEntry
    /// The newest entries, newest first: those with numbers below `id`, nil for the newest of all.
    func auditEntries(before id: Int64?, limit: Int) async throws -> [AuditEntry]
}
