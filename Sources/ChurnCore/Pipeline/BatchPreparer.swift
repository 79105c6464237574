/// Reads what a batch needs and has it scored.
struct BatchPreparer: Sendable {
    let storage: PipelineStorage
    let scorer: BatchScorer
    let brake: UnknownCustomerBrake
    let metrics: PipelineMetrics

    /// A batch that is ready to be written.
    struct Prepared: Sendable {
        let scored: BatchScorer.Scored
        /// The memory that it leaves once it is written.
        let trace: PipelineMemory.Trace
        let write: @Sendable () async throws -> WriteOutcome
    }

    /// Prepares a batch.
    ///
    /// - Parameter memory: what is known without asking the store.
    func prepare(_ batch: AssignedBatch, _ memory: PipelineMemory) async throws -> Prepared {
        let input = try await self.metrics.measure(.read) { try await self.input(for: batch.events, memory) }
        var scored = try await self.metrics.measure(.score) {
            try await withTaskExecutorPreference(batch.lineup.champion.predictor.executor) {
                try await self.scorer.score(batch.events, input, by: batch.lineup)
            }
        }
        try self.brake.admit(
            scored.batch.rejections.count { $0.code == .unknownCustomer }, of: batch.events.entries.count)
        // Without a transactional store no version is checked, so no state is written.
        if case .separate = self.storage { scored.batch.changes = [] }
        let (sink, ready) = (self.storage.sink, scored.batch)
        let write = try await self.metrics.measure(.encode) { try await sink.prepareWrite(of: ready) }
        return Prepared(scored: scored, trace: scored.trace(after: input), write: write)
    }

    /// Returns the input of a fold that reads the customers itself.
    func lockedInput(for events: EventBatch) async throws -> ScoringInput {
        try await self.numbers(for: events, PipelineMemory(capacity: 0))
    }

    private func input(for events: EventBatch, _ memory: PipelineMemory) async throws -> ScoringInput {
        let ids = Set(events.entries.map(\.event.customerID))
        var customers = memory.customers(ids)
        if customers.count < ids.count {
            let unread = ids.filter { customers[$0] == nil }.sorted()
            let read = try await self.storage.features.states(for: unread)
            customers.merge(read.mapValues { KnownCustomer(state: $0) }) { known, _ in known }
        }
        let accepted = memory.hasRepeats ? try await self.storage.accepted(Self.keys(of: events)) : []
        // Numbers come after what was read, so that they order the events of one version as they happened.
        var input = try await self.numbers(for: events, memory)
        (input.customers, input.accepted) = (customers, accepted)
        return input
    }

    private func numbers(for events: EventBatch, _ memory: PipelineMemory) async throws -> ScoringInput {
        ScoringInput(
            customers: [:], accepted: [], lastUpdates: try await self.lastUpdates(of: events.ranges, memory),
            firstEventID: try await self.storage.sink.reserveEventIDs(max(1, events.entries.count)))
    }

    static func keys(of events: EventBatch) -> [SourceEventKey] {
        events.entries.compactMap { entry in
            entry.event.sourceEventID.map {
                SourceEventKey(customerID: entry.event.customerID, sourceEventID: $0)
            }
        }
    }

    /// The number of the last update of each range's partition; absent before the first.
    private func lastUpdates(
        of ranges: [OffsetRange], _ memory: PipelineMemory
    ) async throws -> [StreamPartition: Int64] {
        var last: [StreamPartition: Int64] = [:]
        var unknown: [StreamName: [OffsetRange]] = [:]
        for range in ranges {
            if let known = memory.position(before: range) {
                last[range.partition] = known.lastUpdate
            } else {
                unknown[range.partition.stream.name, default: []].append(range)
            }
        }
        for (name, ranges) in unknown {
            let found = try await self.storage.sink.positions(of: name, partitions: ranges.map(\.partition.partition))
            for range in ranges where found.stream == range.partition.stream {
                // One that stands elsewhere is fenced whatever its updates follow.
                last[range.partition] = found.stored[range.partition.partition]?.lastUpdate
            }
        }
        return last
    }
}

extension BatchScorer.Scored {
    /// Returns the memory that the batch leaves.
    fileprivate func trace(after input: ScoringInput) -> PipelineMemory.Trace {
        var positions: [StreamPartition: StoredPosition] = [:]
        positions.reserveCapacity(self.batch.ranges.count)
        for range in self.batch.ranges {
            positions[range.partition] = StoredPosition(
                nextOffset: range.to, lastUpdate: input.lastUpdates[range.partition])
        }
        for block in self.batch.updates { positions[block.partition]?.lastUpdate = block.numbers.last }
        return PipelineMemory.Trace(
            customers: self.customers, readVersions: self.batch.changes.map(\.readVersion), positions: positions)
    }
}
