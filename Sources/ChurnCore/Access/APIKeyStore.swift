/// Keeps API keys; the keys themselves it never sees.
public protocol APIKeyStore: Sendable {
    /// Adds a key; false where its id is taken, and then nothing changes.
    func addAPIKey(_ key: APIKey) async throws -> Bool
    /// One key, valid or not; nil where there is none of that id.
    func apiKey(id: String) async throws -> APIKey?
    /// All keys, valid or not, the oldest first, then by id.
    func apiKeys() async throws -> [APIKey]
    /// Revokes a key and returns it; nil where there is none of that id.
    ///
    /// Safe to repeat: a revoked key keeps the time at which it was first revoked.
    func revokeAPIKey(id: String, at time: Timestamp) async throws -> APIKey?
}
