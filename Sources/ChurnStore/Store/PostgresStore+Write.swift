import ChurnCore

extension PostgresStore: TransactionalStore {
    /// Writes a batch; see ``TransactionalStore/write(_:)``.
    ///
    /// Two round trips: everything between BEGIN and COMMIT goes out at once, then COMMIT. Where a dead letter of the
    /// batch is no longer open, the partition that sends it again is fenced: its source goes back and looks anew.
    public func write(_ batch: ScoredBatch) async throws -> WriteOutcome {
        let ranges = batch.ranges.sorted { $0.partition < $1.partition }
        let names = try await self.names(of: ranges, batch)
        let fence = try Self.fence(ranges, updates: batch.updates, names: names)
        let steps = try BatchSteps(batch, names: names, store: self)
        let outcome = try await self.pool.withConnection("write a batch") { connection in
            let results = try connection.run([Self.begin, fence] + steps.steps)
            _ = try results[0].get()
            if let fenced = try self.fenced(ranges, results[1].get(), names: names, on: connection) { return fenced }
            if let refused = try self.refused(results.dropFirst(2), steps.expectations, on: connection) {
                return refused
            }
            try await self.commit(on: connection)
            return .written
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
        let opening = [
            Self.begin, try Self.fence(ranges, updates: [], names: names), self.lockStep(customers),
            self.acceptedStep(keys),
        ]
        let outcome = try await self.pool.withConnection("write a batch under locks") { connection in
            let results = try connection.run(opening)
            _ = try results[0].get()
            if let fenced = try self.fenced(ranges, results[1].get(), names: names, on: connection) { return fenced }
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
            let written = try connection.run(steps.steps + progress)
            let expectations = steps.expectations + progress.map { _ in .any }
            if let refused = try self.refused(written[...], expectations, on: connection) {
                guard case .conflicted = refused else { return refused }
                throw ChurnError(
                    .internalError, .fatal, during: "write a batch under locks",
                    advice: "The fold changed a customer or accepted an event id that it had not locked.")
            }
            try await self.commit(on: connection)
            self.names.add(names)
            return .written
        }
        if case .fenced = outcome { self.names.clear() }
        return outcome
    }

    private static let begin = Step(statement: Statement(name: "begin", sql: "BEGIN ISOLATION LEVEL READ COMMITTED"))
    private static let commit = Statement(name: "commit", sql: "COMMIT")

    private static func fence(_ ranges: [OffsetRange], updates: [UpdateBlock], names: BatchNames) throws -> Step {
        let streams = try ranges.map { try names.number(of: $0.partition.stream.name) }
        let last = Dictionary(updates.map { ($0.partition, $0.numbers.last) }, uniquingKeysWith: { _, last in last })
        var parameters = ParameterBuffer()
        parameters.array(of: .int32, streams) { $0.int32($1) }
        parameters.array(of: .int32, ranges) { $0.int32($1.partition.stream.epoch) }
        parameters.array(of: .int32, ranges) { $0.int32($1.partition.partition) }
        parameters.array(of: .int64, ranges) { $0.int64($1.from) }
        parameters.array(of: .int64, ranges) { $0.int64($1.to) }
        parameters.array(of: .int64, ranges) { $0.int64(last[$1.partition] ?? nil) }
        return Step(statement: WriteStatements.fence, parameters: parameters)
    }

    private static func progress(_ blocks: [UpdateBlock], names: BatchNames) throws -> Step {
        let streams = try blocks.map { try names.number(of: $0.partition.stream.name) }
        var parameters = ParameterBuffer()
        parameters.array(of: .int32, streams) { $0.int32($1) }
        parameters.array(of: .int32, blocks) { $0.int32($1.partition.stream.epoch) }
        parameters.array(of: .int32, blocks) { $0.int32($1.partition.partition) }
        parameters.array(of: .int64, blocks) { $0.int64($1.numbers.last) }
        return Step(statement: WriteStatements.setLastUpdate, parameters: parameters)
    }

    /// The outcome of a fence that stopped a partition; nil where all passed.
    private func fenced(
        _ ranges: [OffsetRange], _ passed: PostgresResult, names: BatchNames,
        on connection: isolated PostgresConnection
    ) throws -> WriteOutcome? {
        guard passed.rowCount < ranges.count else { return nil }
        struct Key: Hashable { var stream, epoch, partition: Int32 }
        let through = Set(
            (0..<passed.rowCount).map {
                Key(stream: passed.int32($0, 0), epoch: passed.int32($0, 1), partition: passed.int32($0, 2))
            })
        let stopped = try ranges.map(\.partition).filter { partition in
            let stream = try names.number(of: partition.stream.name)
            return !through.contains(
                Key(stream: stream, epoch: partition.stream.epoch, partition: partition.partition))
        }
        return try self.fenced(stopped, on: connection)
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

    /// The outcome where a statement changed other rows than it must; nil where all are as expected.
    ///
    /// Throws where a statement failed; the first of either counts.
    private func refused(
        _ results: ArraySlice<Result<PostgresResult, PostgresFailure>>, _ expectations: [BatchSteps.Expectation],
        on connection: isolated PostgresConnection
    ) throws -> WriteOutcome? {
        for (result, expectation) in zip(results, expectations) {
            let changed = try result.get().changedRows
            switch expectation {
            case .any: continue
            case .rows(let count): if changed != count { return .conflicted }
            case .openLetters(let count, let partitions):
                if changed != count { return try self.fenced(partitions, on: connection) }
            }
        }
        return nil
    }

    /// Commits.
    ///
    /// Whatever ends the connection from here on leaves the outcome unknown.
    private func commit(on connection: isolated PostgresConnection) async throws {
        try await self.failpoints.reach(.beforeCommit)
        do {
            let result = try connection.run(Self.commit)
            guard result.command == "COMMIT" else {
                throw ChurnError(.storeUnavailable, .retry, during: "commit a batch", advice: "It was rolled back.")
            }
        } catch let failure as PostgresFailure where failure.endsConnection {
            throw ChurnError(
                .commitOutcomeUnknown, .retry, during: "commit a batch",
                advice: "The connection broke during COMMIT; writing the batch again tells.", underlying: failure)
        }
        try await self.failpoints.reach(.afterCommit)
    }
}
