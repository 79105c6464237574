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

/// Reads what a batch needs and has it scored.
struct BatchPreparer: Sendable {
    let storage: PipelineStorage
    let scorer: BatchScorer
    /// What was written last; the committer keeps it true.
    let recent: RecentStates
    let metrics: PipelineMetrics

    /// A scored batch with the chains that it was numbered by, and how it is written.
    struct Prepared: Sendable {
        let scored: BatchScorer.Scored
        let chains: UpdateChains
        let write: @Sendable () async throws -> WriteOutcome
    }

    /// Prepares a batch.
    ///
    /// - Parameters:
    ///   - lineup: the models that the batch was given.
    ///   - overlay: what the batch in flight will leave behind; nil where none is in flight.
    ///   - chains: what is known of the partitions' last updates.
    func prepare(
        _ events: EventBatch, by lineup: ModelLineup, overlay: Overlay?, chains: UpdateChains
    ) async throws -> Prepared {
        var chains = overlay?.chains ?? chains
        let input = try await self.metrics.measure(.read) {
            try await self.input(for: events, overlay: overlay, chains: &chains)
        }
        var scored = try await self.metrics.measure(.score) {
            try await withTaskExecutorPreference(lineup.champion.predictor.executor) {
                try await self.scorer.score(events, input, by: lineup)
            }
        }
        scored.batch = self.storable(scored.batch)
        let (sink, batch) = (self.storage.sink, scored.batch)
        let write = try await self.metrics.measure(.encode) { try await sink.prepareWrite(of: batch) }
        return Prepared(scored: scored, chains: chains, write: write)
    }

    /// Reserves numbers and reads the chains, for a fold that reads the states itself.
    func lockedInput(
        for events: EventBatch, chains: inout UpdateChains
    ) async throws -> ScoringInput {
        ScoringInput(
            states: [:], accepted: [], lastUpdates: try await self.lastUpdates(of: events.ranges, &chains),
            firstEventID: try await self.storage.sink.reserveEventIDs(max(1, events.entries.count)))
    }

    /// Without a transactional store nobody checks versions, so no state is written.
    private func storable(_ batch: ScoredBatch) -> ScoredBatch {
        guard case .separate = self.storage else { return batch }
        var batch = batch
        batch.changes = []
        return batch
    }

    private func input(
        for events: EventBatch, overlay: Overlay?, chains: inout UpdateChains
    ) async throws -> ScoringInput {
        var input = try await self.lockedInput(for: events, chains: &chains)
        let readsOverlay = !Mutant.overlayNotRead.isActive
        let ids = Set(events.entries.map(\.event.customerID))
        input.states = self.recent.states(of: ids)
        if input.states.count < ids.count {
            let unread = ids.filter { input.states[$0] == nil }.sorted()
            input.states.merge(try await self.storage.features.states(for: unread)) { _, read in read }
        }
        if let overlay, readsOverlay {
            for id in ids {
                guard let pending = overlay.states[id] else { continue }
                if let stored = input.states[id], stored.version > pending.version { continue }
                input.states[id] = pending
            }
        }
        input.accepted = try await self.storage.accepted(Self.keys(of: events))
        if let overlay, readsOverlay { input.accepted.formUnion(overlay.accepted) }
        return input
    }

    static func keys(of events: EventBatch) -> [SourceEventKey] {
        events.entries.compactMap { entry in
            entry.event.sourceEventID.map {
                SourceEventKey(customerID: entry.event.customerID, sourceEventID: $0)
            }
        }
    }

    private func lastUpdates(
        of ranges: [OffsetRange], _ chains: inout UpdateChains
    ) async throws -> [StreamPartition: Int64] {
        let unknown = Dictionary(
            grouping: ranges.filter { chains.link(for: $0) == nil }, by: \.partition.stream.name)
        for (name, ranges) in unknown {
            let stored = try await self.storage.sink.positions(of: name, partitions: ranges.map(\.partition.partition))
            for range in ranges where stored.stream == range.partition.stream {
                if let position = stored.stored[range.partition.partition] { chains.set(range.partition, position) }
            }
        }
        var last: [StreamPartition: Int64] = [:]
        for range in ranges { last[range.partition] = chains.link(for: range)?.lastUpdate }
        return last
    }
}
