import ChurnInsight

/// The newest logged events by number; older ones are forgotten.
struct NewestEvents: Sendable {
    /// In ascending order of their numbers, at most twice as many as are kept.
    private var events: [LoggedEvent] = []
    private let kept: Int

    init(kept: Int) { self.kept = max(0, kept) }

    /// Numbers are not in order of commit, so that an event may come after one with a larger number.
    mutating func insert(_ event: LoggedEvent) {
        var index = self.events.count
        while index > 0, self.events[index - 1].event.eventID > event.event.eventID { index -= 1 }
        self.events.insert(event, at: index)
        if self.events.count >= 2 * self.kept { self.events.removeFirst(self.events.count - self.kept) }
    }

    /// Those with numbers below `eventID` (nil for the newest), newest first.
    func page(before eventID: Int64?, limit: Int) -> [LoggedEvent] {
        Array(
            self.events.suffix(self.kept).reversed().lazy
                .filter { event in eventID.map { event.event.eventID < $0 } ?? true }
                .prefix(max(0, limit)))
    }
}
