import ChurnCore

/// The producers' event ids that were accepted lately, bounded by time and by number.
struct InMemorySourceEvents: Sendable {
    private var times: [SourceEventKey: Timestamp] = [:]
    private var order: [(key: SourceEventKey, time: Timestamp)] = []
    private var head = 0
    private let window: Duration
    private let kept: Int

    init(window: Duration, kept: Int) {
        self.window = window
        self.kept = max(1, kept)
    }

    /// Returns whether an event of this id was accepted within the window before `now`.
    func contains(_ key: SourceEventKey, now: Timestamp) -> Bool {
        guard let time = self.times[key] else { return false }
        return now < time.advanced(by: self.window)
    }

    mutating func insert(_ key: SourceEventKey, now: Timestamp) {
        self.times[key] = now
        self.order.append((key, now))
        self.forget(now: now)
    }

    private mutating func forget(now: Timestamp) {
        while self.head < self.order.count {
            let oldest = self.order[self.head]
            guard self.order.count - self.head > self.kept || oldest.time.advanced(by: self.window) <= now else {
                break
            }
            // An id that was accepted again after its window has a later entry, which keeps it.
            if self.times[oldest.key] == oldest.time { self.times[oldest.key] = nil }
            self.head += 1
        }
        if self.head > 1024, self.head * 2 > self.order.count {
            self.order.removeFirst(self.head)
            self.head = 0
        }
    }
}
