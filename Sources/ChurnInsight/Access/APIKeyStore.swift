public import ChurnCore

/// Keeps API keys; the keys themselves it never sees.
public protocol APIKeyStore: Sendable {
    /// Adds a key, and the audit entry with it; false where its id is taken, or its name by a key that is not revoked,
    /// and then nothing changes.
    func addAPIKey(_ key: APIKey, audit: AuditNote<APIKey>?) async throws -> Bool
    /// One key, valid or not; nil where there is none of that id.
    func apiKey(id: String) async throws -> APIKey?
    /// All keys, valid or not, the oldest first, then by id.
    func apiKeys() async throws -> [APIKey]
    /// Revokes a key, and adds the audit entry with it, and returns the key; nil where there is none of that id.
    ///
    /// Safe to repeat: a revoked key keeps the time at which it was first revoked, and gets no second entry.
    func revokeAPIKey(id: String, at time: Timestamp, audit: AuditNote<APIKey>?) async throws -> APIKey?
}

extension APIKeyStore {
    /// Adds a key without an audit entry; see ``addAPIKey(_:audit:)``.
    public func addAPIKey(_ key: APIKey) async throws -> Bool { try await self.addAPIKey(key, audit: nil) }

    /// Revokes a key without an audit entry; see ``revokeAPIKey(id:at:audit:)``.
    public func revokeAPIKey(id: String, at time: Timestamp) async throws -> APIKey? {
        try await self.revokeAPIKey(id: id, at: time, audit: nil)
    }
}
