package import ChurnCore

/// A time of day that a test moves.
package final class TestClock: Sendable {
    private let time: Locked<Timestamp>

    package init(_ time: Timestamp = Timestamp(microseconds: 1_767_225_600_000_000)) { self.time = Locked(time) }

    package var now: Timestamp { self.time.withLock { $0 } }

    package func advance(by duration: Duration) { self.time.withLock { $0 = $0.advanced(by: duration) } }
}
