import ChurnCore

/// The progress that follows from a journal's lines.
struct Progress {
    private(set) var stored: [StreamPartition: StoredPosition] = [:]
    /// The number of partitions that each stream had at first.
    private(set) var partitionCounts: [StreamName: Int] = [:]
    private(set) var nextEventID: Int64 = 1

    /// The partitions for which a batch is too late or too early: its range does not begin where the partition stands,
    /// or its updates do not follow the last one.
    ///
    /// A partition that was never written accepts any beginning; another epoch than the first does not exist here.
    func refusals(of batch: ScoredBatch) -> Set<StreamPartition> {
        let ranges = batch.ranges.filter { range in
            guard range.partition.stream.epoch == 0 else { return true }
            return self.stored[range.partition].map { $0.nextOffset != range.from } ?? false
        }
        let blocks = batch.updates.filter { $0.previous != self.stored[$0.partition]?.lastUpdate }
        return Set(ranges.map(\.partition) + (ranges.isEmpty ? blocks.map(\.partition) : []))
    }

    mutating func advance(_ entry: JournalEntry) {
        if let reserved = entry.reservedThrough { self.nextEventID = reserved }
        if let counted = entry.counted {
            let stream = StreamName(cluster: counted.cluster, topic: counted.topic)
            self.partitionCounts[stream] = self.partitionCounts[stream] ?? counted.partitions
        }
        for range in entry.ranges ?? [] {
            let partition = StreamPartition(
                stream: StreamIdentity(name: StreamName(cluster: range.cluster, topic: range.topic)),
                partition: range.partition)
            self.stored[partition] = StoredPosition(
                nextOffset: range.to, lastUpdate: range.lastUpdate ?? self.stored[partition]?.lastUpdate)
        }
    }
}
