/// The wait between attempts: exponential, capped, with jitter.
///
/// Attempts never end.
public struct Backoff: Hashable, Sendable {
    /// The wait after the first failure.
    public var initial: Duration
    /// The longest wait.
    public var maximum: Duration

    /// The share of each wait that chance decides, so that many processes do not call all at once; 0 for none.
    public var jitter: Double

    /// Creates a back-off.
    public init(initial: Duration = .milliseconds(50), maximum: Duration = .seconds(5), jitter: Double = 0.5) {
        self.initial = initial
        self.maximum = maximum
        self.jitter = jitter
    }

    /// The wait before attempt `attempt` + 1: the full wait, or as much less as the jitter allows.
    ///
    /// - Parameter attempt: how many attempts have failed, at least 1.
    public func delay(after attempt: Int) -> Duration {
        let full = min(self.maximum, self.initial * (1 << min(attempt - 1, 20)))
        return self.jitter > 0 ? full * (1 - self.jitter * Double.random(in: 0...1)) : full
    }
}
