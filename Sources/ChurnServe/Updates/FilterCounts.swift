import ChurnCore

/// The number of subscribers of this process by filter; who they are is not kept.
final class FilterCounts: Sendable {
    private let counts = Locked<[UpdateFilter: Int]>([:])

    func enter(_ filter: UpdateFilter) { self.counts.withLock { $0[filter, default: 0] += 1 } }

    func leave(_ filter: UpdateFilter) {
        self.counts.withLock { counts in
            let left = counts[filter, default: 0] - 1
            counts[filter] = left > 0 ? left : nil
        }
    }

    func count(of filter: UpdateFilter) -> Int { self.counts.withLock { $0[filter] ?? 0 } }

    /// The number of different filters.
    var filters: Int { self.counts.withLock { $0.count } }
}
