import ChurnCore

extension PostgresStore: TransactionalStore {
    /// Writes a batch; see ``TransactionalStore/write(_:)``.
    ///
    /// One round trip, COMMIT included, but for the COPY of many events: the server itself refuses a batch that does not find what it was made for, and
    /// skips what was sent behind. Which partitions stopped it is asked afterwards. Where a dead letter of the batch is
    /// no longer open, the partition that sends it again is fenced: its source goes back and looks anew.
    public func write(_ batch: ScoredBatch) async throws -> WriteOutcome {
        try await self.prepareWrite(of: batch)()
    }

    /// Makes a batch's statements with their parameters; see ``PredictionSink/prepareWrite(of:)``.
    ///
    /// Asks the database only for the numbers of streams and models that it has not seen.
    public func prepareWrite(of batch: ScoredBatch) async throws -> @Sendable () async throws -> WriteOutcome {
        let ranges = batch.ranges.sorted { $0.partition < $1.partition }
        let names = try await self.names(of: ranges, batch)
        let fence = try Self.fence(ranges, updates: batch.updates, names: names)
        let steps = try BatchSteps(batch, names: names, store: self)
        let partitions = ranges.map(\.partition)
        let opening = [Self.begin, Step(statement: WriteStatements.fenceAll, parameters: fence)]
        let whole = steps.behind(opening, of: Set(partitions))
        return {
            do {
                return try await self.write(whole, steps, fence: fence, of: partitions, names: names)
            } catch let error as ChurnError where error.code == .numbersTaken {
                // Folded again, the batch gets other numbers.
                return .conflicted
            }
        }
    }

    /// Writes a batch; `whole` is `steps` with the transaction's beginning and the fence before them.
    private func write(
        _ whole: BatchSteps, _ steps: BatchSteps, fence: ParameterBuffer, of partitions: [StreamPartition],
        names: BatchNames
    ) async throws -> WriteOutcome {
        let outcome = try await self.writer.withConnection("write a batch") { connection in
            var refusal = try await self.commit(whole, on: connection)
            if case .positions? = refusal {
                try connection.run("ROLLBACK")
                let results = try connection.run([
                    Self.begin, Step(statement: WriteStatements.fence, parameters: fence),
                ])
                _ = try results[0].get()
                if let fenced = try self.fenced(partitions, results[1].get(), names: names, on: connection) {
                    return fenced
                }
                // The positions moved in between to where the batch begins, and now the transaction has them locked.
                refusal = try await self.commit(steps, on: connection)
            }
            return try self.outcome(refusal, on: connection)
        }
        if case .fenced = outcome { self.names.clear() }
        return outcome
    }

    /// Writes a batch that is made inside the transaction; see
    /// ``TransactionalStore/write(ranges:customers:keys:fold:)``.
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
        let partitions = ranges.map(\.partition)
        let fence = try Self.fence(ranges, updates: [], names: names)
        let opening = [
            Self.begin, Step(statement: WriteStatements.fence, parameters: fence), self.lockStep(customers),
            self.acceptedStep(keys),
        ]
        let outcome = try await self.writer.withConnection("write a batch under locks") { connection in
            let results = try connection.run(opening)
            _ = try results[0].get()
            if let fenced = try self.fenced(partitions, results[1].get(), names: names, on: connection) {
                return fenced
            }
            let locked = LockedStates(
                states: self.states(in: try results[2].get()), accepted: Self.keys(in: try results[3].get()))
            let batch = try await fold(locked)
            guard batch.ranges.sorted(by: { $0.partition < $1.partition }) == ranges else {
                throw ChurnError(
                    .internalError, .fatal, during: "write a batch under locks",
                    advice: "The fold made a batch of other ranges than were locked.")
            }
            let names = try self.names(of: ranges, batch, on: connection)
            let steps = try BatchSteps(batch, names: names, store: self)
            let progress = try batch.updates.isEmpty ? [] : [Self.progress(batch.updates, names: names)]
            let written = try connection.run(steps.works + progress.map { .statement($0) })
            if let refusal = try steps.refusal(in: written) {
                guard case .conflict = refusal else { return try self.outcome(refusal, on: connection) }
                throw ChurnError(
                    .internalError, .fatal, during: "write a batch under locks",
                    advice: "The fold changed a customer or accepted an event id that it had not locked.")
            }
            for followed in written.dropFirst(steps.works.count) {
                let blocks = batch.updates.map(\.partition)
                if let fenced = try self.fenced(blocks, followed.get(), names: names, on: connection) { return fenced }
            }
            let refusal = try await self.commit(BatchSteps(), on: connection)
            self.names.add(names)
            return try self.outcome(refusal, on: connection)
        }
        if case .fenced = outcome { self.names.clear() }
        return outcome
    }

    /// Makes a process the one whose turn it is; see ``TransactionalStore/claimTurn(_:for:)``.
    public func claimTurn(_ holder: String, for duration: Duration) async throws -> Bool {
        try await self.claim("turn: customers", of: "", holder: holder, for: duration)
    }

    /// Lets another process have its turn.
    public func endTurn(_ holder: String) async throws {
        try await self.release("turn: customers", of: "", holder: holder)
    }

    private static let begin = Step(statement: Statement(name: "begin", sql: "BEGIN ISOLATION LEVEL READ COMMITTED"))
    private static let commit = Step(statement: Statement(name: "commit", sql: "COMMIT"))

    /// The parameters of both fences.
    private static func fence(
        _ ranges: [OffsetRange], updates: [UpdateBlock], names: BatchNames
    ) throws -> ParameterBuffer {
        let streams = try ranges.map { try names.number(of: $0.partition.stream.name) }
        let blocks = Dictionary(updates.map { ($0.partition, $0) }, uniquingKeysWith: { _, last in last })
        var parameters = ParameterBuffer()
        parameters.array(of: .int32, streams) { $0.int32($1) }
        parameters.array(of: .int32, ranges) { $0.int32($1.partition.stream.epoch) }
        parameters.array(of: .int32, ranges) { $0.int32($1.partition.partition) }
        parameters.array(of: .int64, ranges) { $0.int64($1.from) }
        parameters.array(of: .int64, ranges) { $0.int64($1.to) }
        parameters.array(of: .int64, ranges) { $0.int64(blocks[$1.partition]?.previous) }
        parameters.array(of: .int64, ranges) { $0.int64(blocks[$1.partition]?.numbers.last) }
        return parameters
    }

    private static func progress(_ blocks: [UpdateBlock], names: BatchNames) throws -> Step {
        let streams = try blocks.map { try names.number(of: $0.partition.stream.name) }
        var parameters = ParameterBuffer()
        parameters.array(of: .int32, streams) { $0.int32($1) }
        parameters.array(of: .int32, blocks) { $0.int32($1.partition.stream.epoch) }
        parameters.array(of: .int32, blocks) { $0.int32($1.partition.partition) }
        parameters.array(of: .int64, blocks) { $0.int64($1.previous) }
        parameters.array(of: .int64, blocks) { $0.int64($1.numbers.last) }
        return Step(statement: WriteStatements.setLastUpdate, parameters: parameters)
    }

    /// The outcome of a fence that stopped a partition; nil where all passed.
    private func fenced(
        _ partitions: [StreamPartition], _ passed: PostgresResult, names: BatchNames,
        on connection: isolated PostgresConnection
    ) throws -> WriteOutcome? {
        struct Key: Hashable { var stream, epoch, partition: Int32 }
        let through = Set(
            (0..<passed.rowCount).filter { passed.boolean($0, 3) }.map {
                Key(stream: passed.int32($0, 0), epoch: passed.int32($0, 1), partition: passed.int32($0, 2))
            })
        let stopped = try partitions.filter { partition in
            let stream = try names.number(of: partition.stream.name)
            return !through.contains(
                Key(stream: stream, epoch: partition.stream.epoch, partition: partition.partition))
        }
        return stopped.isEmpty ? nil : try self.fenced(stopped, on: connection)
    }

    /// Ends the transaction and says what is stored.
    ///
    /// It has to end first: it holds the rows of other partitions, changed, and nothing that is asked afterwards needs
    /// a lock.
    private func fenced(
        _ partitions: some Sequence<StreamPartition>, on connection: isolated PostgresConnection
    ) throws -> WriteOutcome {
        try connection.run("ROLLBACK")
        var fenced: [StreamPartition: StoredPosition?] = [:]
        for partition in partitions {
            let positions = try Self.positions(
                of: partition.stream.name, partitions: [partition.partition], pipeline: self.pipeline, on: connection)
            fenced.updateValue(
                positions.stream == partition.stream ? positions.stored[partition.partition] : nil, forKey: partition)
        }
        return .fenced(fenced)
    }

    /// What a refusal is to the caller; nil stands for a batch that is written.
    private func outcome(
        _ refusal: BatchSteps.Refusal?, on connection: isolated PostgresConnection
    ) throws -> WriteOutcome {
        switch refusal {
        case nil: .written
        case .conflict: .conflicted
        case .positions(let partitions), .letters(let partitions): try self.fenced(partitions, on: connection)
        }
    }

    /// Runs a batch's statements and COMMIT, without a COPY in one round trip; returns why the server refused the batch, nil once it is
    /// committed.
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
        } catch let failure as PostgresFailure where failure.endsConnection && failure.kind != .misuse {
            throw ChurnError(
                .commitOutcomeUnknown, .retry, during: "commit a batch",
                advice: "The connection broke before COMMIT was answered; writing the batch again tells.",
                underlying: failure)
        }
        try await self.failpoints.reach(.afterCommit)
        return nil
    }
}
