/// The time from a component's first failure to its recovery, and when something is to be logged about it.
struct Outage {
    enum News: Equatable {
        /// It lasts since this number of seconds; 0 where it just began.
        case lasts(seconds: Int)
        /// It is over after this number of seconds, at least 1.
        case over(seconds: Int)
    }

    static let repetition: Duration = .seconds(60)
    /// The most reasons that are logged within a repetition; a component may change between a few.
    private static let mostReasons = 4

    private var began: ContinuousClock.Instant?
    private var logged = ContinuousClock.now
    private var reason = ""
    private var reasons: Set<String> = []

    /// Takes in what a component reports; a component that starts again is not well yet.
    mutating func saw(_ health: ComponentHealth, at now: ContinuousClock.Instant) -> News? {
        guard let reason = health.reason else {
            guard health == .healthy, let began else { return nil }
            self = Outage()
            return .over(seconds: max(1, Self.seconds(from: began, to: now)))
        }
        self.reason = reason
        guard let began else {
            (self.began, self.logged, self.reasons) = (now, now, [reason])
            return .lasts(seconds: 0)
        }
        if now - self.logged >= Self.repetition { return self.remind(at: now) }
        guard self.reasons.count < Self.mostReasons, self.reasons.insert(reason).inserted else { return nil }
        return .lasts(seconds: Self.seconds(from: began, to: now))
    }

    /// What is to be logged because time went by; nil where nothing is.
    mutating func remind(at now: ContinuousClock.Instant) -> News? {
        guard let began, now - self.logged >= Self.repetition else { return nil }
        (self.logged, self.reasons) = (now, [self.reason])
        return .lasts(seconds: Self.seconds(from: began, to: now))
    }

    private static func seconds(from start: ContinuousClock.Instant, to end: ContinuousClock.Instant) -> Int {
        Int(((end - start) / .seconds(1)).rounded())
    }
}
