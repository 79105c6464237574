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
/// fault stands alone and becomes a dead letter. Failures of the infrastructure are repeated until they pass, and so is
/// what no record can be at fault for: a dead letter that is refused, or event after event.
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
    private let refusals = RefusalBrake()

    /// How often an event alone is tried before it is believed to be at fault for what a server in trouble may cause too.
    private static let attemptsOfSuspects = 4

    init(
        storage: PipelineStorage, preparer: BatchPreparer, broadcaster: any Broadcaster, source: any EventSource,
        retry: InfrastructureRetry, metrics: PipelineMetrics, failpoints: Failpoints, latency: EventLatency?,
        observer: (any ScoreObserver)?
    ) {
        self.storage = storage
        self.preparer = preparer
        self.broadcaster = broadcaster
        self.source = source
        self.retry = retry
        self.metrics = metrics
        self.failpoints = failpoints
        self.latency = latency
        self.observer = observer
    }

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
        /// How often it was refused.
        var refusals = 0

        /// The one event that it consists of; nil where there are more, or dead letters too.
        var only: EventBatch.Entry? {
            self.events.entries.count == 1 && self.events.rejections.isEmpty ? self.events.entries.first : nil
        }
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
            case .written(let scored):
                if !piece.events.entries.isEmpty { self.refusals.wrote() }
                try await self.notify(scored, by: batch.lineup)
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
                pieces += try await self.narrowed(piece, error).reversed()
            }
        }
        return isAsPrepared ? .asPrepared : .otherwise(goingBack: goingBack, conflict: wasConflicted ? conflict : nil)
    }

    private func attempt(
        _ piece: Piece, by lineup: ModelLineup, _ conflict: inout WriteConflict?
    ) async throws -> Ending {
        if Mutant.commitBeforeWrite.isActive { await self.source.commit(piece.events.ranges) }
        let batch = AssignedBatch(events: piece.events, lineup: lineup)
        let refusals = self.isBeyondRefusal(piece)
        do {
            switch piece.way {
            case .prepared(let prepared): return try await self.write(prepared, refusals)
            case .unprepared:
                return try await self.write(
                    self.retry.run(.read, repeating: refusals) {
                        try await self.preparer.prepare(batch, PipelineMemory(capacity: 0))
                    }, refusals)
            case .underLocks(let changes):
                let (ending, found) = try await self.writeUnderLocks(batch, after: changes, refusals)
                if let found { conflict = found }
                return ending
            }
        } catch let error where error.failureDisposition == .reject {
            return .refused(error)
        }
    }

    /// Returns why no event of a piece can be at fault for a refusal; nil where one can.
    private func isBeyondRefusal(_ piece: Piece) -> String? {
        if piece.events.entries.isEmpty {
            return "The store refuses dead letters; nothing goes on until it takes them."
        }
        guard let only = piece.only, self.refusals.holds(only.event.customerID) else { return nil }
        return "The store refused the events of \(RefusalBrake.limit) customers one after the other, so no event is at "
            + "fault; the rest waits until it takes them, and what was set aside can be sent again then."
    }

    private func write(_ prepared: BatchPreparer.Prepared, _ refusals: String?) async throws -> Ending {
        let outcome = try await self.retry.run(.write, repeating: refusals) {
            try await self.metrics.measure(.write) { try await prepared.write() }
        }
        return Self.ending(outcome, prepared.scored)
    }

    /// Folds a batch inside the write's transaction, with the customers' rows locked.
    private func writeUnderLocks(
        _ batch: AssignedBatch, after changes: [StateChange], _ refusals: String?
    ) async throws -> (Ending, WriteConflict?) {
        guard case .transactional(let store) = self.storage else {
            throw ChurnError(
                .internalError, .fatal, during: "write a batch",
                advice: "a sink without transactions reported a version conflict, which its contract excludes")
        }
        let events = batch.events
        let customers = Set(events.entries.map(\.event.customerID)).sorted()
        return try await self.retry.run(.write, repeating: refusals) {
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

    /// Returns the rest to try of a refused piece: its halves, its only event once more, or its record as a dead letter.
    private func narrowed(_ piece: Piece, _ error: any Error) async throws -> [Piece] {
        let events = piece.events
        if events.entries.count > 1 {
            let (front, back) = events.split(at: events.entries.count / 2)
            return [front, back].map { Piece(events: $0, way: .unprepared) }
        }
        guard let entry = events.entries.first else {
            throw ChurnError(
                .internalError, .fatal, during: "write dead letters",
                advice: "the predictor refused a batch without events", underlying: error)
        }
        // The dead letters beside it may be what was refused.
        if piece.only == nil { return events.parts(around: entry).map { Piece(events: $0, way: .unprepared) } }
        let code = (error as? ChurnError)?.code
        if code == .dataSuspected, piece.refusals + 1 < Self.attemptsOfSuspects {
            if self.retry.stopping.isSet { throw CancellationError() }
            try await self.retry.clock.sleep(for: self.retry.backoff.delay(after: piece.refusals + 1))
            return [Piece(events: events, way: .unprepared, refusals: piece.refusals + 1)]
        }
        if code != .predictionFailed { self.refusals.refused(entry.event.customerID) }
        var alone = events
        alone.entries = []
        alone.rejections.append(Self.rejection(of: entry, error))
        return [Piece(events: alone, way: .unprepared)]
    }

    private static func rejection(of entry: EventBatch.Entry, _ error: any Error) -> Rejection {
        let isPredictor = (error as? ChurnError)?.code == .predictionFailed
        return Rejection(
            record: entry.record, code: isPredictor ? .predictorRefused : .storeRefused,
            reason: isPredictor
                ? "the predictor refused this customer's features; correct the customer's row, then retry"
                : "the store refused this event's data (\(Self.cause(of: error)))",
            deadLetterID: entry.event.deadLetterID)
    }

    /// The cause without data: the advice of our own errors names objects of the schema only.
    private static func cause(of error: any Error) -> String {
        guard let error = error as? ChurnError else { return String(describing: error) }
        return error.advice.isEmpty ? error.description : "\(error): \(error.advice)"
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
