import ChurnCore

/// When the connections of a pool may try again after one of them failed: doubling pauses with a cap and jitter.
final class ConnectionBackOff: Sendable {
    private struct State {
        var failures = 0
        var notBefore = ContinuousClock.now
    }

    private static let first: Duration = .milliseconds(50)
    private let cap: Duration
    private let state = Locked(State())

    init(cap: Duration) { self.cap = cap }

    func succeeded() { self.state.withLock { $0.failures = 0 } }

    func failed() {
        self.state.withLock { state in
            let doubled = Self.first * (1 << min(state.failures, 16))
            state.failures += 1
            state.notBefore = .now + min(doubled, self.cap) * Double.random(in: 0.5...1)
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
