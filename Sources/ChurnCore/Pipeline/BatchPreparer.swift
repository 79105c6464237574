/// Reads what a batch needs and has it scored.
struct BatchPreparer: Sendable {
    let storage: PipelineStorage
    let scorer: BatchScorer
    /// What was written last; the committer keeps it true.
    let recent: RecentStates
    let brake: UnknownCustomerBrake
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
        try self.brake.admit(
            scored.batch.rejections.count { $0.code == .unknownCustomer }, of: events.entries.count)
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
