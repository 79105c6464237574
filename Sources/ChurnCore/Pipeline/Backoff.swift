/// How long to wait between attempts: exponential, capped, with jitter. Attempts never end.
public struct Backoff: Hashable, Sendable {
    /// The wait after the first failure.
    public var initial: Duration
    /// The longest wait.
    public var maximum: Duration

    /// Creates a back-off.
    public init(initial: Duration = .milliseconds(50), maximum: Duration = .seconds(5)) {
        self.initial = initial
        self.maximum = maximum
    }

    /// The wait before attempt `attempt` + 1, between half of the full wait and all of it.
    ///
    /// - Parameter attempt: how many attempts have failed, at least 1.
    public func delay(after attempt: Int) -> Duration {
        let full = min(self.maximum, self.initial * (1 << min(attempt - 1, 20)))
        return full / 2 + full / 2 * Double.random(in: 0...1)
    }
}
