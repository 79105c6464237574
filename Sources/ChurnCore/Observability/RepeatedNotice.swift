/// Decides when something that happens again and again is logged: the first time, then at most once in an interval.
package struct RepeatedNotice: Sendable {
    private let interval: Duration
    private var last: ContinuousClock.Instant?
    private var unsaid = 0

    package init(every interval: Duration = .seconds(60)) { self.interval = interval }

    /// Counts one occurrence; returns how many there were since the last line where one is due, else nil.
    package mutating func occurred(at now: ContinuousClock.Instant = .now) -> Int? {
        self.unsaid += 1
        if let last, last.duration(to: now) < self.interval { return nil }
        defer { (self.last, self.unsaid) = (now, 0) }
        return self.unsaid
    }
}
