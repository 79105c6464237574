import ChurnCore

/// What follows from a journal's lines.
struct Progress {
    private(set) var stored: [StreamPartition: StoredPosition] = [:]
    private(set) var nextEventID: Int64 = 1

    /// Whether a range begins where its partition stands.
    ///
    /// A partition that was never written accepts any beginning; another epoch than the first does not exist here.
    func accepts(_ range: OffsetRange) -> Bool {
        guard range.partition.stream.epoch == 0 else { return false }
        return self.stored[range.partition].map { $0.nextOffset == range.from } ?? true
    }

    mutating func advance(_ entry: JournalEntry) {
        if let reserved = entry.reservedThrough { self.nextEventID = reserved }
        for range in entry.ranges ?? [] {
            let partition = StreamPartition(
                stream: StreamIdentity(name: StreamName(cluster: range.cluster, topic: range.topic)),
                partition: range.partition)
            self.stored[partition] = StoredPosition(
                nextOffset: range.to, lastUpdate: range.lastUpdate ?? self.stored[partition]?.lastUpdate)
        }
    }
}
