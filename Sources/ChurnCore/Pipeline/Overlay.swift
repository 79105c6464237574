/// What a batch that is being written will leave behind, for the batch that is prepared meanwhile.
struct Overlay: Sendable {
    /// The states it writes.
    var states: [String: CustomerState]
    /// The producers' event ids it accepts.
    var accepted: Set<SourceEventKey>
    /// Where its partitions go on.
    var chains: UpdateChains

    init(_ batch: ScoredBatch, after chains: UpdateChains) {
        self.states = [:]
        self.states.reserveCapacity(batch.changes.count)
        for index in batch.changes.indices { self.states[batch.changes[index].state.id] = batch.changes[index].state }
        self.accepted = Set(batch.acceptedKeys)
        self.chains = chains.advanced(by: batch)
    }
}
