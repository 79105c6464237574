/// API keys in the memory of one process, for demos and tests.
public final class InMemoryAPIKeyStore: APIKeyStore {
    private let all = Locked<[String: APIKey]>([:])

    /// Creates an empty store.
    public init() {}

    /// Adds a key; false where its id is taken.
    public func addAPIKey(_ key: APIKey) async throws -> Bool {
        self.all.withLock { all in
            guard all[key.id] == nil else { return false }
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
    public func revokeAPIKey(id: String, at time: Timestamp) async throws -> APIKey? {
        self.all.withLock { all in
            guard var key = all[id] else { return nil }
            key.revoked = key.revoked ?? time
            all[id] = key
            return key
        }
    }
}
