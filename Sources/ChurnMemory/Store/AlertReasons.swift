import ChurnCore
import ChurnInsight

/// The first reasons of the newest alerts, in the order in which these were recorded.
struct AlertReasons: Sendable {
    private var entries: [(time: Timestamp, column: String?)] = []

    mutating func add(_ column: String?, at time: Timestamp) {
        self.entries.append((time, column))
        if self.entries.count >= 2 * TopReasons.mostAlerts {
            self.entries.removeFirst(self.entries.count - TopReasons.mostAlerts)
        }
    }

    func top(since time: Timestamp) -> TopReasons {
        let found = self.entries.filter { $0.time >= time }.suffix(TopReasons.mostAlerts)
        let isWhole = found.count < TopReasons.mostAlerts
        return TopReasons(since: isWhole ? time : found.first?.time ?? time, columns: found.map(\.column))
    }
}
