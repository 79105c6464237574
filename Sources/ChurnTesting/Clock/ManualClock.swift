import ChurnCore

/// A clock that stands still until a test moves it.
///
/// In the auto-advancing mode a sleep moves the clock to its end at once, so that code which waits for hours takes no
/// time at all.
public final class ManualClock: Clock {
    /// A point in time, counted from the clock's beginning.
    public struct Instant: InstantProtocol {
        /// The time since the clock's beginning.
        public var offset: Duration

        /// Creates a point in time.
        public init(offset: Duration = .zero) { self.offset = offset }

        /// The point in time `duration` later.
        public func advanced(by duration: Duration) -> Instant { Instant(offset: self.offset + duration) }
        /// The time until `other`.
        public func duration(to other: Instant) -> Duration { other.offset - self.offset }
        /// Orders by time.
        public static func < (a: Self, b: Self) -> Bool { a.offset < b.offset }
    }

    private struct Sleeper {
        var id: Int
        var deadline: Instant
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now = Instant()
        var sleepers: [Sleeper] = []
        var nextID = 0
        var observers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Locked(State())
    private let advancesItself: Bool

    /// Creates a clock.
    ///
    /// - Parameter autoAdvancing: whether a sleep moves the clock to its end at once.
    public init(autoAdvancing: Bool = false) { self.advancesItself = autoAdvancing }

    /// Now, as the test says.
    public var now: Instant { self.state.withLock { $0.now } }
    /// The clock counts as finely as a duration can.
    public var minimumResolution: Duration { .zero }

    /// Waits until the clock was moved to `deadline`.
    public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        try Task.checkCancellation()
        if self.advancesItself {
            self.advance(to: deadline)
            await Task.yield()
            return try Task.checkCancellation()
        }
        let id = self.state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                var isCancelled = false
                let observers = self.state.withLock { state -> [CheckedContinuation<Void, Never>]? in
                    isCancelled = Task.isCancelled
                    guard !isCancelled, deadline > state.now else { return nil }
                    state.sleepers.append(Sleeper(id: id, deadline: deadline, continuation: continuation))
                    let count = state.sleepers.count
                    defer { state.observers.removeAll { $0.count <= count } }
                    return state.observers.filter { $0.count <= count }.map(\.continuation)
                }
                if let observers {
                    for observer in observers { observer.resume() }
                } else if isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else {
                    continuation.resume()
                }
            }
        } onCancel: {
            let sleeper = self.state.withLock { state -> Sleeper? in
                guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else { return nil }
                return state.sleepers.remove(at: index)
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Moves the clock and wakes all sleepers whose time has come, the earliest first.
    public func advance(by duration: Duration) { self.advance(to: self.now.advanced(by: duration)) }

    /// Moves the clock to a point in time; to the past it does not move.
    public func advance(to instant: Instant) {
        let due = self.state.withLock { state -> [Sleeper] in
            state.now = max(state.now, instant)
            let now = state.now
            defer { state.sleepers.removeAll { $0.deadline <= now } }
            return state.sleepers.filter { $0.deadline <= now }
        }
        for sleeper in due.sorted(by: { ($0.deadline, $0.id) < ($1.deadline, $1.id) }) { sleeper.continuation.resume() }
    }

    /// Moves the clock to the next deadline that a sleeper waits for.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    public func advanceToNextSleeper() -> Bool {
        guard let next = self.state.withLock({ $0.sleepers.map(\.deadline).min() }) else { return false }
        self.advance(to: next)
        return true
    }

    /// The number of tasks that sleep on this clock.
    public var sleeperCount: Int { self.state.withLock { $0.sleepers.count } }

    /// Waits until this many tasks sleep on this clock.
    public func waitForSleepers(_ count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isThere = self.state.withLock { state in
                if state.sleepers.count >= count { return true }
                state.observers.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}
