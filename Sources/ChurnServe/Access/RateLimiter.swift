import ChurnCore
import NIOCore

/// Allows everyone this many requests a second, and as many at once.
///
/// Remembers a bounded number of requesters. One who has not asked for a second needs no memory; when more than fit ask
/// within a second, the surplus shares one allowance.
final class RateLimiter: Sendable {
    private struct State {
        var buckets: [String: TokenBucket] = [:]
        var surplus: TokenBucket
        var sweptAt: NIODeadline
    }

    private let perSecond: Int
    private let capacity: Int
    private let state: Locked<State>

    init(perSecond: Int, capacity: Int = 10_000, now: NIODeadline = .now()) {
        self.perSecond = perSecond
        self.capacity = max(1, capacity)
        self.state = Locked(State(surplus: TokenBucket(perSecond: perSecond, now: now), sweptAt: now))
    }

    /// Takes one request of a requester; false where it has none left now.
    func take(_ requester: String, now: NIODeadline = .now()) -> Bool {
        self.state.withLock { state in
            if var bucket = state.buckets[requester] {
                defer { state.buckets[requester] = bucket }
                return bucket.take(now: now)
            }
            if state.buckets.count >= self.capacity, now - state.sweptAt >= .seconds(1) {
                state.sweptAt = now
                state.buckets = state.buckets.filter { !$0.value.isFull(now: now) }
            }
            guard state.buckets.count < self.capacity else { return state.surplus.take(now: now) }
            var bucket = TokenBucket(perSecond: self.perSecond, now: now)
            defer { state.buckets[requester] = bucket }
            return bucket.take(now: now)
        }
    }

    var count: Int { self.state.withLock { $0.buckets.count } }
}
