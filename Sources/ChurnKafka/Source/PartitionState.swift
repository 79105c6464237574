import ChurnCore

/// The state of one partition on the way from the group to the prefetch.
struct PartitionState: Equatable {
    enum Phase: Equatable {
        /// The sink is to be asked for its position.
        case unknown
        /// The sink has no position; the brokers are to be asked.
        ///
        /// Of `count` partitions at first, as the sink remembers.
        case unresolved(count: Int?)
        /// The sink is to store this first position.
        case unpinned(Int64)
        /// The position is known; librdkafka is to read there.
        case ready
        /// librdkafka is to be moved to `next`; whatever still arrives is stale.
        case seeking(attempts: Int)
        /// Records arrive.
        case reading
        /// The partition cannot go on; nothing arrives until its stored position is moved.
        case stopped(reason: String)
    }

    /// The end of the log for a reader that stood before it.
    struct End: Equatable {
        /// Where the reader stood.
        var next: Int64
        /// Where the log ended; no record lies between.
        var offset: Int64
    }

    var partition: StreamPartition
    var phase = Phase.unknown
    /// The start of the next range.
    ///
    /// Records below it were seen before and are skipped.
    var next: Int64 = 0
    /// The offset at which reading began.
    var start: Int64 = 0
    /// The sink's progress, by the last commit hint.
    var committed: Int64?
    /// The end of the log as a reader met it last; a transaction's end has an offset and no record.
    var end: End?
    /// Whether librdkafka has it in its assignment.
    var isAssigned = false
    /// Whether librdkafka fetches it, so that it can be moved.
    var isFetching = false
    /// Whether a record came since librdkafka got it.
    var hasDelivered = false

    /// The reason why the partition stands still; nil where it does not.
    var stopReason: String? { if case .stopped(let reason) = self.phase { reason } else { nil } }

    /// Whether records arrive, or will once librdkafka was moved.
    var isRead: Bool {
        switch self.phase {
        case .reading, .seeking: true
        default: false
        }
    }

    /// The number of offsets up to the end of the log that may hold a record which the sink has not yet.
    func lag(to end: Int64) -> Int64 {
        var position = self.committed ?? self.next
        if position == self.next, let met = self.end, met.next == self.next { position = max(position, met.offset) }
        return max(0, end - position)
    }

    /// Returns whether the stored position is one that reading cannot have led to.
    func hasMoved(_ positions: StreamPositions) -> Bool {
        guard positions.stream == self.partition.stream else { return true }
        return positions.stored[self.partition.partition].map { !(self.start...self.next).contains($0.nextOffset) }
            ?? false
    }
}
