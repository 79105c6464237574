import NIOCore

/// Allows this many things a second, and as many at once.
struct TokenBucket: Sendable {
    private let perSecond: Int
    private var tokens: Double
    private var last: NIODeadline

    init(perSecond: Int, now: NIODeadline) {
        self.perSecond = perSecond
        self.tokens = Double(perSecond)
        self.last = now
    }

    /// Returns whether nothing would be lost by forgetting it.
    func isFull(now: NIODeadline) -> Bool {
        let elapsed = max(0, Double((now - self.last).nanoseconds) / 1e9)
        return self.tokens + elapsed * Double(self.perSecond) >= Double(self.perSecond)
    }

    /// Takes one; false when there is none.
    mutating func take(now: NIODeadline) -> Bool {
        let elapsed = Double((now - self.last).nanoseconds) / 1e9
        self.last = now
        self.tokens = min(Double(self.perSecond), self.tokens + max(0, elapsed) * Double(self.perSecond))
        guard self.tokens >= 1 else { return false }
        self.tokens -= 1
        return true
    }
}
