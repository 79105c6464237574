import CoreMetrics

/// The result of writing a batch.
enum CommitResult: Sendable {
    /// Exactly what was prepared is durable.
    case asPrepared
    /// It ended otherwise, or by an attempt whose answer was lost: what was prepared on top of it must be thrown away.
    ///
    /// - Parameters:
    ///   - goingBack: partitions whose stored position is not where the source stands.
    ///   - conflict: what the batch conflicted over.
    case otherwise(goingBack: Set<StreamPartition>, conflict: WriteConflict?)
}

/// Writes batches, one at a time, until each is durable, set aside or fenced off, and then notifies the broadcaster and
/// the source.
///
/// A batch is a list of pieces. Each attempt at a piece ends in one of a few ways, which say what pieces are left of it:
/// fenced partitions are taken out, a conflict is folded again under locks, refused data is halved until the record at
/// fault stands alone and becomes a dead letter. Failures of the infrastructure are repeated until they pass.
struct BatchCommitter: Sendable {
    let storage: PipelineStorage
    let preparer: BatchPreparer
    let broadcaster: any Broadcaster
    let source: any EventSource
    let retry: InfrastructureRetry
    let metrics: PipelineMetrics
    let failpoints: Failpoints
    let latency: EventLatency?
    /// Sees the scores that became durable; nil for no one.
    let observer: (any ScoreObserver)?

    /// The way in which a piece is written.
    private enum Way {
        case prepared(BatchPreparer.Prepared)
        case unprepared
        /// After a conflict of these changes.
        case underLocks([StateChange])
    }

    private struct Piece {
        var events: EventBatch
        var way: Way
    }

    /// The end of an attempt.
    private enum Ending {
        case written(BatchScorer.Scored)
        case fenced([StreamPartition: StoredPosition?])
        case conflicted([StateChange])
        case refused(any Error)
    }

    /// Commits one batch.
    func commit(_ batch: AssignedBatch, _ preparation: BatchPreparation) async throws -> CommitResult {
        let way: Way =
            switch preparation {
            case .prepared(let prepared): .prepared(prepared)
            case .refused: .unprepared
            }
        var pieces = [Piece(events: batch.events, way: way)]
        var isAsPrepared = true
        var goingBack: Set<StreamPartition> = []
        var conflict: WriteConflict?
        var wasConflicted = false
        while var piece = pieces.popLast() {
            piece.events = piece.events.removing(goingBack)
            if piece.events.isEmpty { continue }
            if case .prepared = piece.way {} else { isAsPrepared = false }
            switch try await self.attempt(piece, by: batch.lineup, &conflict) {
            case .written(let scored): try await self.notify(scored, by: batch.lineup)
            case .fenced(let stored):
                isAsPrepared = false
                goingBack.formUnion(self.fenced(stored, of: piece.events))
                piece.events = piece.events.removing(Set(stored.keys))
                pieces.append(Piece(events: piece.events, way: .unprepared))
            case .conflicted(let changes):
                (isAsPrepared, wasConflicted) = (false, true)
                self.metrics.conflicts.increment()
                pieces.append(Piece(events: piece.events, way: .underLocks(changes)))
            case .refused(let error):
                isAsPrepared = false
                pieces += try Self.narrowed(piece.events, error).reversed().map { Piece(events: $0, way: .unprepared) }
            }
        }
        return isAsPrepared ? .asPrepared : .otherwise(goingBack: goingBack, conflict: wasConflicted ? conflict : nil)
    }

    private func attempt(
        _ piece: Piece, by lineup: ModelLineup, _ conflict: inout WriteConflict?
    ) async throws -> Ending {
        if Mutant.commitBeforeWrite.isActive { await self.source.commit(piece.events.ranges) }
        let batch = AssignedBatch(events: piece.events, lineup: lineup)
        do {
            switch piece.way {
            case .prepared(let prepared): return try await self.write(prepared)
            case .unprepared:
                return try await self.write(
                    self.retry.run(.read) { try await self.preparer.prepare(batch, PipelineMemory(capacity: 0)) })
            case .underLocks(let changes):
                let (ending, found) = try await self.writeUnderLocks(batch, after: changes)
                if let found { conflict = found }
                return ending
            }
        } catch let error where error.failureDisposition == .reject {
            return .refused(error)
        }
    }

    private func write(_ prepared: BatchPreparer.Prepared) async throws -> Ending {
        let outcome = try await self.retry.run(.write) {
            try await self.metrics.measure(.write) { try await prepared.write() }
        }
        return Self.ending(outcome, prepared.scored)
    }

    /// Folds a batch inside the write's transaction, with the customers' rows locked.
    private func writeUnderLocks(
        _ batch: AssignedBatch, after changes: [StateChange]
    ) async throws -> (Ending, WriteConflict?) {
        guard case .transactional(let store) = self.storage else {
            throw ChurnError(
                .internalError, .fatal, during: "write a batch",
                advice: "a sink without transactions reported a version conflict, which its contract excludes")
        }
        let events = batch.events
        let customers = Set(events.entries.map(\.event.customerID)).sorted()
        return try await self.retry.run(.write) {
            let input = try await self.preparer.lockedInput(for: events)
            let folded = Locked<(scored: BatchScorer.Scored, conflict: WriteConflict)?>(nil)
            let outcome = try await self.metrics.measure(.write) {
                try await store.write(
                    ranges: events.ranges.sorted { $0.partition < $1.partition }, customers: customers,
                    keys: BatchPreparer.keys(of: events)
                ) { locked in
                    var input = input
                    input.customers = locked.states.mapValues { KnownCustomer(state: $0) }
                    input.accepted = locked.accepted
                    let scored = try await self.preparer.scorer.score(events, input, by: batch.lineup)
                    let moved = changes.count { change in
                        locked.states[change.state.id].map { $0.version != change.readVersion } ?? false
                    }
                    let conflict = WriteConflict.customers(moved: moved, of: changes.count)
                    folded.withLock { $0 = (scored, locked.accepted.isEmpty ? conflict : .keys) }
                    return scored.batch
                }
            }
            let last = folded.withLock { $0 }
            return (Self.ending(outcome, last?.scored), last?.conflict)
        }
    }

    private static func ending(_ outcome: WriteOutcome, _ scored: BatchScorer.Scored?) -> Ending {
        switch outcome {
        case .written: .written(scored ?? BatchScorer.Scored(batch: ScoredBatch(ranges: [])))
        case .fenced(let stored): .fenced(stored)
        case .conflicted: .conflicted(scored?.batch.changes ?? [])
        }
    }

    /// Those of the fenced partitions that the source must read again.
    private func fenced(
        _ stored: [StreamPartition: StoredPosition?], of events: EventBatch
    ) -> Set<StreamPartition> {
        self.metrics.fences.increment(by: stored.count)
        // Stored exactly up to the range's end: it was written, most likely by this process itself in a COMMIT whose
        // answer was lost. The source stands right.
        return Set(
            events.ranges.filter { range in
                stored[range.partition].map { $0?.nextOffset != range.to } ?? false
            }.map(\.partition))
    }

    /// Returns the rest to try of a refused batch: its halves, or its only record as a dead letter.
    private static func narrowed(_ events: EventBatch, _ error: any Error) throws -> [EventBatch] {
        if events.entries.count > 1 {
            let (front, back) = events.split(at: events.entries.count / 2)
            return [front, back]
        }
        guard let entry = events.entries.first else {
            throw ChurnError(
                .internalError, .fatal, during: "write dead letters",
                advice: "the store refuses the dead letters themselves", underlying: error)
        }
        var alone = events
        alone.entries = []
        alone.rejections.append(Self.rejection(of: entry, error))
        return [alone]
    }

    private static func rejection(of entry: EventBatch.Entry, _ error: any Error) -> Rejection {
        let isPredictor = (error as? ChurnError)?.code == .predictionFailed
        return Rejection(
            record: entry.record, code: isPredictor ? .predictorRefused : .storeRefused,
            reason: isPredictor
                ? "the predictor refused this customer's features; correct the customer's row, then retry"
                : "the store refused this event's data (\(String(describing: error)))",
            deadLetterID: entry.event.deadLetterID)
    }

    /// Passes on what is durable.
    private func notify(_ written: BatchScorer.Scored, by lineup: ModelLineup) async throws {
        let batch = written.batch
        self.metrics.count(batch)
        self.latency?.becameDurable(batch.events)
        try await self.failpoints.reach(.beforePublish)
        if !batch.updates.isEmpty { self.broadcaster.publish(batch.updates) }
        if !written.observed.isEmpty { self.observer?.observe(written.observed, by: lineup) }
        await self.source.commit(batch.ranges)
    }
}
