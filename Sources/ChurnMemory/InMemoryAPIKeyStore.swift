public import ChurnCore
public import ChurnInsight

/// API keys in the memory of one process, for demos and tests.
public final class InMemoryAPIKeyStore: APIKeyStore, AuditLog {
    private let all = Locked<[String: APIKey]>([:])
    private let audit: InMemoryAuditLog

    /// Creates an empty store.
    ///
    /// - Parameter audit: gets the entries that come with changes.
    public init(audit: InMemoryAuditLog = InMemoryAuditLog()) { self.audit = audit }

    /// Adds a key; false where its id is taken, or its name by a key that is not revoked.
    public func addAPIKey(_ key: APIKey, audit: AuditNote<APIKey>?) async throws -> Bool {
        try self.all.withLock { all in
            let namesakes = all.values.filter { $0.revoked == nil && Array($0.name.utf8) == Array(key.name.utf8) }
            guard all[key.id] == nil, key.revoked != nil || namesakes.isEmpty else { return false }
            if let audit { try self.audit.append(audit(key)) }
            all[key.id] = key
            return true
        }
    }

    /// One key; nil where there is none of that id.
    public func apiKey(id: String) async throws -> APIKey? { self.all.withLock { $0[id] } }

    /// All keys, the oldest first, then by id.
    public func apiKeys() async throws -> [APIKey] {
        self.all.withLock { $0.values.sorted { ($0.created, $0.id) < ($1.created, $1.id) } }
    }

    /// Revokes a key and returns it; nil where there is none of that id.
    public func revokeAPIKey(id: String, at time: Timestamp, audit: AuditNote<APIKey>?) async throws -> APIKey? {
        try self.all.withLock { all in
            guard var key = all[id] else { return nil }
            guard key.revoked == nil else { return key }
            key.revoked = time
            if let audit { try self.audit.append(audit(key)) }
            all[id] = key
            return key
        }
    }

    /// Adds an audit entry and returns it with its number.
    @discardableResult
    public func record(_ entry: NewAuditEntry) async throws -> AuditEntry { try self.audit.append(entry) }

    /// The newest audit entries, newest first.
    public func auditEntries(before id: Int64?, limit: Int) async throws -> [AuditEntry] {
        try await self.audit.auditEntries(before: id, limit: limit)
    }
}
