public import CoreMetrics
import Metrics

/// The latency of events, from their record's time until they are durable and until their frames are with the sockets.
///
/// One for each process, shared by its pipeline and its hub. A record's time that lies in the future counts as now. It
/// is the broker's clock against this machine's, so that a skew between them shows.
public final class EventLatency: Sendable {
    /// A timer that takes many durations at once, for what happens a hundred thousand times a second.
    public protocol BatchTimerHandler: TimerHandler {
        /// Records as many durations as `count` says.
        func recordNanoseconds(count: Int, _ duration: (Int) -> Int64)
    }

    private struct State {
        /// The record times of events that are durable and whose frames are not sent yet.
        var unsent: [Timestamp] = []
        /// The newest record's time of all.
        var newest: Timestamp?
        var age: Meter?
    }

    /// Beyond this count no frames are sent here.
    private static let mostUnsent = 65_536

    private let durable: any TimerHandler
    private let frame: any TimerHandler
    private let factory: any MetricsFactory
    private let now: @Sendable () -> Timestamp
    private let state = Locked(State())

    /// Creates the recorder with its instruments.
    ///
    /// - `now`: the wall clock; nil for the system's.
    public init(metrics factory: any MetricsFactory = MetricsSystem.factory, now: (@Sendable () -> Timestamp)? = nil) {
        self.durable = factory.makeTimer(label: "churn.event.to.durable", dimensions: [])
        self.frame = factory.makeTimer(label: "churn.event.to.frame", dimensions: [])
        self.factory = factory
        self.now = now ?? Timestamp.systemNow
    }

    deinit {
        self.factory.destroyTimer(self.durable)
        self.factory.destroyTimer(self.frame)
    }

    /// Records the accepted events of a batch whose COMMIT has just succeeded; call it before the batch is published.
    ///
    /// A duplicate is not recorded: its event became durable when it came first.
    public func becameDurable(_ events: [ScoredEvent]) {
        var times: [Timestamp] = []
        times.reserveCapacity(events.count)
        // By their indices: an event is expensive to copy.
        for index in events.indices where events[index].prediction != nil {
            times.append(events[index].event.recordTime)
        }
        guard let newest = times.max() else { return }
        let now = self.now()
        Self.record(times, until: now, with: self.durable)
        self.state.withLock { state in
            state.newest = max(state.newest ?? newest, min(newest, now))
            if state.unsent.count + times.count > Self.mostUnsent { state.unsent = [] }
            state.unsent += times
        }
    }

    /// The frames of everything that became durable are with the sockets of an event loop.
    ///
    /// - Parameter sockets: how many there are; where there are none, no frame went anywhere.
    public func sent(to sockets: Int) {
        let times = self.state.withLock { state in
            defer { state.unsent = [] }
            return state.unsent
        }
        if sockets > 0, !times.isEmpty { Self.record(times, until: self.now(), with: self.frame) }
    }

    /// Sets the gauge of the last event's age; call it before metrics are read.
    ///
    /// There is no gauge before the first event.
    public func measureAge() {
        self.state.withLock { state in
            guard let newest = state.newest else { return }
            if state.age == nil { state.age = Meter(label: "churn.last.event.age.seconds", factory: self.factory) }
            state.age?.set(Double(Self.microseconds(since: newest, until: self.now())) / 1e6)
        }
    }

    /// Since a time; 0 where it lies in the future, however far, and however long before the epoch it was.
    private static func microseconds(since time: Timestamp, until now: Timestamp) -> Int64 {
        let (age, overflows) = now.microseconds.subtractingReportingOverflow(time.microseconds)
        return overflows ? (time.microseconds < 0 ? .max : 0) : max(0, age)
    }

    private static func record(_ times: [Timestamp], until now: Timestamp, with timer: any TimerHandler) {
        func nanoseconds(_ index: Int) -> Int64 {
            min(Self.microseconds(since: times[index], until: now), .max / 1_000) * 1_000
        }
        if let timer = timer as? any BatchTimerHandler {
            timer.recordNanoseconds(count: times.count, nanoseconds)
        } else {
            for index in times.indices { timer.recordNanoseconds(nanoseconds(index)) }
        }
    }
}
