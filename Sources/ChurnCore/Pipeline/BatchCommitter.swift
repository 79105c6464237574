import CoreMetrics

/// What became of a batch that was to be written.
struct CommitResult: Sendable {
    /// Whether exactly what was prepared is durable now; where not, what was prepared after it must be thrown away.
    var isAsPrepared = true
    /// Partitions whose stored position is not where the source stood; the source must go back to it.
    var restarts: Set<StreamPartition> = []
    /// What is known of the partitions' last updates now.
    var chains = UpdateChains()
}

/// Writes batches, one at a time, until each is durable or fenced off, and then tells the world and the source.
///
/// Failures of the infrastructure are repeated for ever. Refused data is narrowed down to the record at fault, which
/// becomes a dead letter while the others go on.
struct BatchCommitter: Sendable {
    let storage: PipelineStorage
    let preparer: BatchPreparer
    let broadcaster: any Broadcaster
    let source: any EventSource
    let retry: InfrastructureRetry
    let metrics: PipelineMetrics
    let failpoints: Failpoints
    /// Sees the scores that became durable; nil for nobody.
    let observer: (any ScoreObserver)?

    /// Commits one batch.
    ///
    /// - Parameters:
    ///   - lineup: the models that the batch was given; whatever must be prepared anew is scored by them again.
    ///   - prepared: what was prepared from it; nil where preparing it was refused.
    func commit(
        _ events: EventBatch, by lineup: ModelLineup, prepared: BatchPreparer.Prepared?
    ) async throws -> CommitResult {
        var result = CommitResult()
        result.isAsPrepared = prepared != nil
        do {
            var first = prepared
            try await self.write(events, by: lineup, prepared: &first, &result)
        } catch let error where error.failureDisposition == .reject {
            result.isAsPrepared = false
            try await self.narrow(events, by: lineup, error, &result)
        }
        return result
    }

    /// Writes a batch until it is durable or all of its partitions are fenced off.
    private func write(
        _ events: EventBatch, by lineup: ModelLineup, prepared first: inout BatchPreparer.Prepared?,
        _ result: inout CommitResult
    ) async throws {
        var events = events
        while !events.isEmpty {
            let prepared: BatchPreparer.Prepared
            if let given = first {
                prepared = given
                first = nil
            } else {
                let (batch, chains) = (events, result.chains)
                prepared = try await self.retry.run(.read) {
                    try await self.preparer.prepare(batch, by: lineup, overlay: nil, chains: chains)
                }
            }
            if Mutant.commitBeforeWrite.isActive { await self.source.commit(events.ranges) }
            let batch = events
            var outcome = try await self.retry.run(.write) {
                try await self.metrics.measure(.write) { try await prepared.write() }
            }
            var folded = Folded(scored: prepared.scored, chains: prepared.chains)
            if case .conflicted = outcome {
                self.metrics.conflicts.increment()
                result.isAsPrepared = false
                self.preparer.recent.forgetAfterConflict()
                (outcome, folded) = try await self.writeLocked(batch, by: lineup, chains: prepared.chains)
            }
            switch outcome {
            case .written:
                result.chains = folded.chains.advanced(by: folded.scored.batch)
                self.preparer.recent.keep(folded.scored.batch.changes)
                try await self.tell(folded.scored, by: lineup)
                return
            case .fenced(let stored):
                events = self.remove(stored, from: events, &result)
            case .conflicted:
                // Only a store that breaks its contract conflicts under locks; preparing anew is safe all the same.
                continue
            }
        }
    }

    /// A batch as it was folded, and the chains that it was numbered by.
    private struct Folded {
        let scored: BatchScorer.Scored
        let chains: UpdateChains
    }

    /// Folds again inside the write's transaction, with the customers' rows locked.
    private func writeLocked(
        _ events: EventBatch, by lineup: ModelLineup, chains: UpdateChains
    ) async throws -> (WriteOutcome, Folded) {
        guard case .transactional(let store) = self.storage else {
            throw ChurnError(
                .internalError, .fatal, during: "write a batch",
                advice: "a sink without transactions reported a version conflict, which its contract excludes")
        }
        let customers = Set(events.entries.map(\.event.customerID)).sorted()
        return try await self.retry.run(.write) {
            var chains = chains
            let input = try await self.preparer.lockedInput(for: events, chains: &chains)
            let folded = FoldedBatch()
            let outcome = try await store.write(
                ranges: events.ranges.sorted { $0.partition < $1.partition }, customers: customers,
                keys: BatchPreparer.keys(of: events)
            ) { locked in
                var input = input
                input.states = locked.states
                input.accepted = locked.accepted
                let scored = try await self.preparer.scorer.score(events, input, by: lineup)
                folded.set(scored)
                return scored.batch
            }
            return (outcome, Folded(scored: folded.scored, chains: chains))
        }
    }

    /// Takes the fenced partitions out of the batch and notes which of them the source must read again.
    private func remove(
        _ fenced: [StreamPartition: StoredPosition?], from events: EventBatch, _ result: inout CommitResult
    ) -> EventBatch {
        self.metrics.fences.increment(by: fenced.count)
        result.isAsPrepared = false
        result.chains = UpdateChains()
        self.preparer.recent.forget()
        for range in events.ranges {
            guard let stored = fenced[range.partition] else { continue }
            // Stored exactly up to the range's end: somebody wrote it, most likely this process itself in a COMMIT
            // whose answer was lost. The source stands right.
            if stored?.nextOffset != range.to { result.restarts.insert(range.partition) }
        }
        return events.removing(Set(fenced.keys))
    }

    /// Splits a refused batch until the record at fault stands alone, and sets it aside.
    private func narrow(
        _ events: EventBatch, by lineup: ModelLineup, _ error: any Error, _ result: inout CommitResult
    ) async throws {
        guard events.entries.count > 1 else {
            guard let entry = events.entries.first else {
                throw ChurnError(
                    .internalError, .fatal, during: "write dead letters",
                    advice: "the store refuses the dead letters themselves", underlying: error)
            }
            var alone = events
            alone.entries = []
            alone.rejections.append(Self.rejection(of: entry, error))
            var none: BatchPreparer.Prepared?
            try await self.write(alone, by: lineup, prepared: &none, &result)
            return
        }
        let (front, back) = events.split(at: events.entries.count / 2)
        for part in [front, back] {
            let remaining = part.removing(result.restarts)
            var none: BatchPreparer.Prepared?
            do {
                try await self.write(remaining, by: lineup, prepared: &none, &result)
            } catch let error where error.failureDisposition == .reject {
                try await self.narrow(remaining, by: lineup, error, &result)
            }
        }
    }

    private static func rejection(of entry: EventBatch.Entry, _ error: any Error) -> Rejection {
        let isPredictor = (error as? ChurnError)?.code == .predictionFailed
        return Rejection(
            record: entry.record, code: isPredictor ? .predictorRefused : .storeRefused,
            reason: isPredictor
                ? "the predictor refused this customer's features; mend the customer's row, then retry"
                : "the store refused this event's data (\(String(describing: error)))",
            deadLetterID: entry.event.deadLetterID)
    }

    /// Passes on what is durable.
    private func tell(_ written: BatchScorer.Scored, by lineup: ModelLineup) async throws {
        let batch = written.batch
        self.count(batch)
        try await self.failpoints.reach(.beforePublish)
        if !batch.updates.isEmpty { self.broadcaster.publish(batch.updates) }
        if !written.observed.isEmpty { self.observer?.observe(written.observed, by: lineup) }
        await self.source.commit(batch.ranges)
    }

    private func count(_ batch: ScoredBatch) {
        var (scored, alerts) = (0, 0)
        // By their indices: an event is dear to copy.
        for index in batch.events.indices {
            guard let alert = batch.events[index].prediction?.alert else { continue }
            scored += 1
            if alert.isAlert { alerts += 1 }
        }
        self.metrics.batchEvents.record(batch.events.count)
        self.metrics.events.increment(by: scored)
        self.metrics.duplicates.increment(by: batch.events.count - scored)
        self.metrics.alerts.increment(by: alerts)
        for rejection in batch.rejections { self.metrics.rejected(rejection.code) }
    }
}
