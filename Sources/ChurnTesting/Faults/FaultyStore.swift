public import ChurnCore

/// A transactional store that fails before and after the work, is late, writes twice, and refuses what it is set to
/// refuse.
public struct FaultyStore: TransactionalStore {
    private let base: any TransactionalStore
    private let injector: FaultInjector
    private let refuses: (@Sendable (CustomerEvent) -> Bool)?

    /// Decorates a store.
    ///
    /// - Parameters:
    ///   - base: the store that works.
    ///   - injector: decides what goes wrong.
    ///   - refuses: events whose data the store refuses, and with each the whole batch.
    public init(
        _ base: any TransactionalStore, injector: FaultInjector, refuses: (@Sendable (CustomerEvent) -> Bool)? = nil
    ) {
        self.base = base
        self.injector = injector
        self.refuses = refuses
    }

    /// The base's positions.
    public func positions(of stream: StreamName, partitions: [Int32]) async throws -> StreamPositions {
        try await self.pass(.positions) { try await self.base.positions(of: stream, partitions: partitions) }
    }

    /// The base's first positions.
    public func pin(
        _ starts: [Int32: Int64], of stream: StreamIdentity, partitionCount: Int?
    ) async throws -> StreamPositions {
        try await self.pass(.positions) {
            try await self.base.pin(starts, of: stream, partitionCount: partitionCount)
        }
    }

    /// The base's states.
    public func states(for ids: [String]) async throws -> [String: CustomerState] {
        try await self.pass(.states) { try await self.base.states(for: ids) }
    }

    /// The base's numbers.
    public func reserveEventIDs(_ count: Int) async throws -> Int64 {
        try await self.pass(.reserve) { try await self.base.reserveEventIDs(count) }
    }

    /// The base's accepted source events.
    public func accepted(_ keys: [SourceEventKey]) async throws -> Set<SourceEventKey> {
        try await self.pass(.accepted) { try await self.base.accepted(keys) }
    }

    /// Writes to the base: not at all, once or twice.
    public func write(_ batch: ScoredBatch) async throws -> WriteOutcome {
        try await self.write(batch) { try await self.base.write(batch) }
    }

    /// The base's preparation; its write goes to the base not at all, once or twice.
    public func prepareWrite(of batch: ScoredBatch) async throws -> @Sendable () async throws -> WriteOutcome {
        let write = try await self.pass(.prepareWrite) { try await self.base.prepareWrite(of: batch) }
        return { try await self.write(batch, write) }
    }

    private func write(
        _ batch: ScoredBatch, _ write: @Sendable () async throws -> WriteOutcome
    ) async throws -> WriteOutcome {
        let fault = try await self.injector.begin(.write)
        try self.check(batch)
        let outcome = try await write()
        if fault == .duplicate, outcome.isWritten { _ = try await write() }
        try await self.injector.end(.write, fault)
        return outcome
    }

    /// Writes to the base: not at all, once or twice.
    public func write(
        ranges: [OffsetRange], customers: [String], keys: [SourceEventKey],
        fold: @Sendable (LockedStates) async throws -> ScoredBatch
    ) async throws -> WriteOutcome {
        let fault = try await self.injector.begin(.lockedWrite)
        let checked: @Sendable (LockedStates) async throws -> ScoredBatch = { locked in
            let batch = try await fold(locked)
            try self.check(batch)
            return batch
        }
        let outcome = try await self.base.write(ranges: ranges, customers: customers, keys: keys, fold: checked)
        if fault == .duplicate, outcome.isWritten {
            // A batch that was sent twice is the same batch; its fold does not run again.
            _ = try await self.base.write(ScoredBatch(ranges: ranges))
        }
        try await self.injector.end(.lockedWrite, fault)
        return outcome
    }

    /// The base's turns.
    public func claimTurn(_ holder: String, for duration: Duration) async throws -> Bool {
        try await self.pass(.accepted) { try await self.base.claimTurn(holder, for: duration) }
    }

    /// The base's turns.
    public func endTurn(_ holder: String) async throws { try await self.base.endTurn(holder) }

    private func check(_ batch: ScoredBatch) throws {
        guard let refuses, batch.events.contains(where: { refuses($0.event) }) else { return }
        throw ChurnError(
            .dataRefused, .reject, during: "an injected fault", advice: "the store was set to refuse this event")
    }

    private func pass<Result: Sendable>(
        _ seam: Seam, _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        let fault = try await self.injector.begin(seam)
        let result = try await body()
        try await self.injector.end(seam, fault)
        return result
    }
}
