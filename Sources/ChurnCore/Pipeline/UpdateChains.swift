/// The last update's number of each partition, valid only at the offset at which the partition then stood.
struct UpdateChains: Sendable {
    private var links: [StreamPartition: StoredPosition] = [:]

    /// The stored position of a range's partition, if it was left exactly at the range's beginning.
    func link(for range: OffsetRange) -> StoredPosition? {
        guard let link = self.links[range.partition], link.nextOffset == range.from else { return nil }
        return link
    }

    /// The chains after a batch was written.
    func advanced(by batch: ScoredBatch) -> UpdateChains {
        var chains = self
        for range in batch.ranges {
            let last = batch.updates.first { $0.partition == range.partition }?.numbers.last
            chains.links[range.partition] = StoredPosition(
                nextOffset: range.to, lastUpdate: last ?? self.link(for: range)?.lastUpdate)
        }
        return chains
    }

    mutating func set(_ partition: StreamPartition, _ stored: StoredPosition) { self.links[partition] = stored }
}
