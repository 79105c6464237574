/// A batch with the models that score it, however often it must be prepared.
struct AssignedBatch: Sendable {
    var events: EventBatch
    let lineup: ModelLineup

    /// The number of records.
    var count: Int { self.events.entries.count + self.events.rejections.count }

    /// The batch without some of its partitions; nil where nothing is left.
    func removing(_ partitions: Set<StreamPartition>) -> AssignedBatch? {
        let rest = self.events.removing(partitions)
        return rest.isEmpty ? nil : AssignedBatch(events: rest, lineup: self.lineup)
    }
}
