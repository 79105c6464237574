import ChurnCore
import ChurnInsight
import ChurnMemory
import ChurnTesting

/// A faultless ``FaultyStore`` with its base's directory, and one defect if asked for.
struct StoreFront: TransactionalStore, CustomerDirectory {
    enum Defect {
        /// First positions are answered and not stored.
        case pinForgotten
        /// Every process has the turn.
        case turnForAll
        /// Customers that a batch leaves as they are may have moved.
        case unchangedNotCompared
        /// The same numbers are given again.
        case numbersRepeated
    }

    let base: InMemoryStore
    var defect: Defect?
    var store: FaultyStore { FaultyStore(self.base, injector: FaultInjector(.none)) }

    func positions(of stream: StreamName, partitions: [Int32]) async throws -> StreamPositions {
        try await self.store.positions(of: stream, partitions: partitions)
    }
    func pin(
        _ starts: [Int32: Int64], of stream: StreamIdentity, partitionCount: Int?
    ) async throws -> StreamPositions {
        if self.defect == .pinForgotten {
            return StreamPositions(
                stream: stream, stored: starts.mapValues { StoredPosition(nextOffset: $0) },
                partitionCount: partitionCount)
        }
        return try await self.store.pin(starts, of: stream, partitionCount: partitionCount)
    }
    func states(for ids: [String]) async throws -> [String: CustomerState] { try await self.store.states(for: ids) }
    func reserveEventIDs(_ count: Int) async throws -> Int64 {
        self.defect == .numbersRepeated ? 1 : try await self.store.reserveEventIDs(count)
    }
    func accepted(_ keys: [SourceEventKey]) async throws -> Set<SourceEventKey> {
        try await self.store.accepted(keys)
    }
    func write(_ batch: ScoredBatch) async throws -> WriteOutcome {
        var batch = batch
        if self.defect == .unchangedNotCompared { batch.changes.removeAll { !$0.isWritten } }
        return try await self.store.write(batch)
    }
    func claimTurn(_ holder: String, for duration: Duration) async throws -> Bool {
        if self.defect == .turnForAll { return true }
        return try await self.store.claimTurn(holder, for: duration)
    }
    func endTurn(_ holder: String) async throws { try await self.store.endTurn(holder) }
    func write(
        ranges: [OffsetRange], customers: [String], keys: [SourceEventKey],
        fold: @Sendable (LockedStates) async throws -> ScoredBatch
    ) async throws -> WriteOutcome {
        try await self.store.write(ranges: ranges, customers: customers, keys: keys, fold: fold)
    }
    func customer(id: String, recentEvents: Int) async throws -> CustomerRecord? {
        try await self.base.customer(id: id, recentEvents: recentEvents)
    }
    func customerIDs(after id: String?, limit: Int) async throws -> [String] {
        try await self.base.customerIDs(after: id, limit: limit)
    }
    func customerCount() async throws -> Int { try await self.base.customerCount() }
    func importCustomers(_ customers: [CustomerState]) async throws -> Int {
        try await self.base.importCustomers(customers)
    }
}
