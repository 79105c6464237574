public import ChurnCore

extension PostgresStore: TransactionalStore {
    /// Writes a batch; see ``/ChurnCore/TransactionalStore/write(_:)``.
    ///
    /// One round trip, COMMIT included, but for the COPY of many events: the server itself refuses a batch that does
    /// not find what it was made for, and skips what was sent behind. Which partitions stopped it is asked afterwards.
    /// Where a dead letter of the batch is no longer open, the partition that sends it again is fenced: its source goes
    /// back and looks again.
    public func write(_ batch: ScoredBatch) async throws -> WriteOutcome {
        try await self.prepareWrite(of: batch)()
    }

    /// Makes a batch's statements with their parameters; see ``/ChurnCore/PredictionSink/prepareWrite(of:)``.
    ///
    /// Asks the database only for the numbers of streams and models that it has not seen.
    public func prepareWrite(of batch: ScoredBatch) async throws -> @Sendable () async throws -> WriteOutcome {
        let ranges = batch.ranges.sorted { $0.partition < $1.partition }
        let names = try await self.names(of: ranges, batch)
        let usersGuard =
            if let known = self.knownGuard.value {
                known
            } else {
                try await self.writer.withConnection("look at the table users") { try self.usersGuard(on: $0) }
            }
        var steps = BatchSteps()
        try steps.addFence(ranges, batch.updates, names: names)
        try steps.add(batch, names: names, store: self, usersGuard: usersGuard)
        let prepared = steps
        return {
            do {
                return try await self.writer.withConnection("write a batch") { connection in
                    try await self.attempt(on: connection, BatchStarts(ranges, batch.updates)) { isFirst, _ in
                        var steps = BatchSteps()
                        try steps.begin(ranges, isFirst: isFirst, names: names)
                        steps.add(prepared)
                        return try await self.commit(steps, on: connection)
                    }
                }
            } catch let error as ChurnError where error.code == .numbersTaken {
                // Folded again, the batch gets other numbers.
                return .conflicted
            }
        }
    }

    /// Writes a batch that is made inside the transaction; see
    /// ``/ChurnCore/TransactionalStore/write(ranges:customers:keys:fold:)``.
    ///
    /// The transaction waits while `fold` runs, so that has to be quick:
    /// ``PostgresConfiguration/idleTransactionTimeout`` ends it otherwise. Dead letters as in
    /// ``write(_:)``.
    public func write(
        ranges: [OffsetRange], customers: [String], keys: [SourceEventKey],
        fold: @Sendable (LockedStates) async throws -> ScoredBatch
    ) async throws -> WriteOutcome {
        let ranges = ranges.sorted { $0.partition < $1.partition }
        let names = try await self.names(of: ranges)
        return try await self.writer.withConnection("write a batch under locks") { connection in
            try await self.attempt(on: connection, BatchStarts(ranges, [])) { isFirst, starts in
                var locks = BatchSteps()
                try locks.begin(ranges, isFirst: isFirst, names: names)
                try locks.addFence(ranges, [], names: names)
                locks.add(self.lockStep(customers))
                locks.add(self.acceptedStep(keys))
                let results = try connection.run(locks.works)
                if let refusal = try locks.refusal(in: results) { return refusal }
                let read = try results.suffix(2).map { try $0.get() }
                let batch = try await fold(
                    LockedStates(states: self.states(in: read[0]), accepted: Self.keys(in: read[1])))
                starts = BatchStarts(ranges, batch.updates)
                return try await self.commitFolded(batch, ranges, on: connection)
            }
        }
    }

    /// Commits what a fold made of the ranges that its transaction has passed the fence with.
    private func commitFolded(
        _ batch: ScoredBatch, _ ranges: [OffsetRange], on connection: isolated PostgresConnection
    ) async throws -> BatchSteps.Refusal? {
        guard batch.ranges.sorted(by: { $0.partition < $1.partition }) == ranges else {
            throw ChurnError(
                .internalError, .fatal, during: "write a batch under locks",
                advice: "The fold made a batch of other ranges than were locked.")
        }
        let names = try self.names(of: ranges, batch, on: connection)
        var steps = BatchSteps()
        try steps.add(batch, names: names, store: self, usersGuard: nil)
        // The fence again, for the updates, where it left the positions.
        let ends = ranges.map { OffsetRange(partition: $0.partition, from: $0.to, to: $0.to) }
        if !batch.updates.isEmpty { try steps.addFence(ends, batch.updates, names: names) }
        let refusal = try await self.commit(steps, on: connection)
        if case .conflict = refusal {
            throw ChurnError(
                .internalError, .fatal, during: "write a batch under locks",
                advice: "The fold changed a customer or accepted an event id that it had not locked.")
        }
        if refusal == nil { self.names.add(names) }
        return refusal
    }

    private static let commit = Step(statement: Statement(name: "commit", sql: "COMMIT"))

    /// Writes with the partitions as they are expected, and once more where all stand right when they are looked at:
    /// they came to stand there meanwhile, or have no position yet.
    private func attempt(
        on connection: isolated PostgresConnection, _ starts: BatchStarts,
        _ write: (_ isFirst: Bool, _ starts: inout BatchStarts) async throws -> BatchSteps.Refusal?
    ) async throws -> WriteOutcome {
        var starts = starts
        for isFirst in [false, true] {
            guard let refusal = try await write(isFirst, &starts) else { return .written }
            // The transaction has to end before anything is asked: it holds the rows of other partitions, changed.
            try connection.run("ROLLBACK")
            var stopped: [StreamPartition: StoredPosition?] = [:]
            switch refusal {
            case .conflict: return .conflicted
            case .otherTable:
                // What the pipeline remembers is dropped with the conflict; what it reads next is of this table.
                try self.readGuard(on: connection)
                return .conflicted
            case .positions: stopped = try self.stored(starts.partitions, unless: starts.fit, on: connection)
            case .letters(let partitions): stopped = try self.stored(partitions, on: connection)
            }
            if !stopped.isEmpty {
                self.names.clear()
                return .fenced(stopped)
            }
        }
        throw ChurnError(
            .storeUnavailable, .retry, during: "write a batch",
            advice: "Positions moved while they were asked for; writing the batch again settles it.")
    }

    /// Returns the positions of partitions, without those that are as expected; nil without a position, and for all of
    /// another epoch.
    private func stored(
        _ partitions: Set<StreamPartition>,
        unless isRight: (StreamPartition, StoredPosition?) -> Bool = { _, _ in false },
        on connection: isolated PostgresConnection
    ) throws -> [StreamPartition: StoredPosition?] {
        var stored: [StreamPartition: StoredPosition?] = [:]
        for partition in partitions {
            let found = try Self.positions(
                of: partition.stream.name, partitions: [partition.partition], pipeline: self.pipeline, on: connection)
            let isCurrent = found?.stream == partition.stream
            let position = isCurrent ? found?.stored[partition.partition] : nil
            if !isCurrent || !isRight(partition, position) { stored.updateValue(position, forKey: partition) }
        }
        return stored
    }

    /// Runs a batch's statements and COMMIT, without a COPY in one round trip; returns why the server refused the batch,
    /// nil once it is committed.
    ///
    /// The server skips what was sent behind a statement that fails, COMMIT too. Whatever ends the connection after
    /// the sending began leaves the outcome unknown. With failpoints COMMIT goes by itself, behind the place where a
    /// test may stop.
    private func commit(
        _ batch: BatchSteps, on connection: isolated PostgresConnection
    ) async throws -> BatchSteps.Refusal? {
        var unsent = batch.works
        if self.failpoints.areArmed {
            if let refusal = try batch.refusal(in: connection.run(unsent)) { return refusal }
            try await self.failpoints.reach(.beforeCommit)
            unsent = []
        }
        do {
            let results = try connection.run(unsent + [.statement(Self.commit)])
            if let refusal = try batch.refusal(in: results.dropLast()) { return refusal }
            guard try results.last?.get().command == "COMMIT" else {
                throw ChurnError(.storeUnavailable, .retry, during: "commit a batch", advice: "It was rolled back.")
            }
        } catch let failure as PostgresFailure where failure.leavesCommitOpen {
            throw ChurnError(
                .commitOutcomeUnknown, .retry, during: "commit a batch",
                advice: "The connection broke before the transaction was answered; writing the batch again settles it.",
                underlying: failure)
        }
        try await self.failpoints.reach(.afterCommit)
        return nil
    }
}

/// The required positions of a batch's partitions.
private struct BatchStarts: Sendable {
    private let ranges: [StreamPartition: OffsetRange]
    private let blocks: [StreamPartition: UpdateBlock]

    init(_ ranges: [OffsetRange], _ blocks: [UpdateBlock]) {
        self.ranges = Dictionary(ranges.map { ($0.partition, $0) }, uniquingKeysWith: { _, last in last })
        self.blocks = Dictionary(blocks.map { ($0.partition, $0) }, uniquingKeysWith: { _, last in last })
    }

    var partitions: Set<StreamPartition> { Set(self.ranges.keys) }

    /// Returns whether a partition stands where the batch begins; one without a position begins anywhere.
    func fit(_ partition: StreamPartition, _ stored: StoredPosition?) -> Bool {
        if let stored, stored.nextOffset != self.ranges[partition]?.from { return false }
        return self.blocks[partition].map { $0.previous == stored?.lastUpdate } ?? true
    }
}
