import ChurnCore

/// What the source's thread found out about its topic, for those who ask the sink about it.
///
/// Thread-safe.
final class TopicFacts: Sendable {
    private struct State {
        var name: StreamName?
        var partitionCount: Int32 = 0
    }

    private let state = Locked(State())

    /// The stream's name; nil until the cluster's id is known.
    var name: StreamName? { self.state.withLock { $0.name } }

    func set(_ name: StreamName) { self.state.withLock { $0.name = name } }

    /// The topic has at least these partitions.
    func extend(to count: Int) {
        self.state.withLock { $0.partitionCount = max($0.partitionCount, Int32(clamping: count)) }
    }

    /// All known partitions and the ones given.
    ///
    /// The sink is asked about all, since a partition without progress beside others with progress was added later.
    func partitions(and others: some Sequence<Int32>) -> [Int32] {
        self.state.withLock { state in Set(0..<state.partitionCount).union(others).sorted() }
    }
}
