import ChurnCore

/// The pauses of a pool's connections after one of them failed: doubling, with a cap and jitter.
final class ConnectionBackOff: Sendable {
    private struct State {
        var failures = 0
        var notBefore = ContinuousClock.now
        /// The time of the first attempt that failed since one succeeded.
        var failingSince = ContinuousClock.now
        var notice = RepeatedNotice()
    }

    private static let first: Duration = .milliseconds(50)
    private let cap: Duration
    private let state = Locked(State())

    init(cap: Duration) { self.cap = cap }

    /// An attempt succeeded; returns for how long none had, nil where none had failed.
    func succeeded() -> Duration? {
        self.state.withLock { state in
            guard state.failures > 0 else { return nil }
            (state.failures, state.notice) = (0, RepeatedNotice())
            return state.failingSince.duration(to: .now)
        }
    }

    /// An attempt failed; returns how many did since the last line where it is time to log one, else nil.
    func failed() -> Int? {
        self.state.withLock { state in
            if state.failures == 0 { state.failingSince = .now }
            let doubled = Self.first * (1 << min(state.failures, 16))
            state.failures += 1
            state.notBefore = .now + min(doubled, self.cap) * Double.random(in: 0.5...1)
            return state.notice.occurred()
        }
    }

    /// Waits until the next attempt may be made.
    ///
    /// - Throws: `storeUnavailable` without waiting where that would take longer than `longest`.
    func pause(atMost longest: Duration) async throws {
        let (failures, notBefore) = self.state.withLock { ($0.failures, $0.notBefore) }
        let left = ContinuousClock.now.duration(to: notBefore)
        guard failures > 0, left > .zero else { return }
        guard left <= longest else {
            throw ChurnError(
                .storeUnavailable, .retry, during: "connect to PostgreSQL",
                advice: "The last attempts failed; the next one is due in \(left).")
        }
        try await Task.sleep(for: left)
    }
}
