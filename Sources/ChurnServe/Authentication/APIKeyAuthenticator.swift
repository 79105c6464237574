public import ChurnCore
public import ChurnInsight

/// Knows the bearers of API keys.
///
/// A record is looked up again after a few seconds, so that a revocation counts within that time, and a busy client
/// costs the database one look-up in it.
public final class APIKeyAuthenticator: Authenticator {
    private struct Cached {
        var record: APIKey?
        var since: Timestamp
    }

    private let store: any APIKeyStore
    private let lifetime: Duration
    private let capacity: Int
    private let now: WallClock
    private let cache = Locked<[String: Cached]>([:])

    /// Creates an authenticator.
    ///
    /// - `lifetime`: for how long a record is believed; a key that is not there is believed to be missing for 1 s at most.
    /// - `capacity`: the most records that are remembered.
    /// - `now`: the time of day; nil for the system's.
    public init(
        store: any APIKeyStore, lifetime: Duration = .seconds(3), capacity: Int = 4_096, now: WallClock? = nil
    ) {
        self.store = store
        self.lifetime = lifetime
        self.capacity = max(1, capacity)
        self.now = now ?? Timestamp.systemNow
    }

    /// The principal of a key; see ``Authenticator/principal(for:)``.
    public func principal(for token: String) async throws -> Principal? {
        guard let id = APIKeyText.id(in: token) else { return nil }
        guard let record = try await self.record(id) else { return nil }
        guard ConstantTime.equal(APIKeyText.digest(of: token), record.digest), record.isValid(at: self.now()) else {
            return nil
        }
        return Principal(
            name: "key:\(record.name)", roles: Set(record.roles.compactMap(Role.init(rawValue:))),
            expiry: record.expiry)
    }

    private func record(_ id: String) async throws -> APIKey? {
        let asked = self.now()
        if let cached = self.cache.withLock({ $0[id] }), self.isFresh(cached, at: asked) { return cached.record }
        let record = try await self.store.apiKey(id: id)
        self.cache.withLock { cache in
            if cache.count >= self.capacity { cache = cache.filter { self.isFresh($0.value, at: asked) } }
            if cache.count >= self.capacity { cache.removeAll(keepingCapacity: true) }
            cache[id] = Cached(record: record, since: asked)
        }
        return record
    }

    /// A clock that leaps back makes nothing last longer.
    private func isFresh(_ cached: Cached, at time: Timestamp) -> Bool {
        let lifetime = cached.record == nil ? min(self.lifetime, .seconds(1)) : self.lifetime
        return time >= cached.since && time < cached.since.advanced(by: lifetime)
    }
}
