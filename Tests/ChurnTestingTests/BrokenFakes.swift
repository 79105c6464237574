import ChurnCore
import ChurnMemory
import ChurnTesting

/// Collects blocks and shows all but the newest from back to front.
final class Received: Sendable {
    private let stored = Locked<[UpdateBlock]>([])
    var blocks: [UpdateBlock] { self.stored.withLock { $0.dropLast().reversed() + $0.suffix(1) } }
    func insert(_ blocks: [UpdateBlock]) { self.stored.withLock { $0 += blocks } }
}

/// An update log that hides its gaps.
struct SilentLog: UpdateLog, PredictionSink {
    let base: InMemoryStore

    func updates(after cursor: UpdateCursor, limit: Int, bytes: Int) async throws -> UpdatePage {
        let page = try await self.base.updates(after: cursor, limit: limit, bytes: bytes)
        return UpdatePage(blocks: page.blocks, gaps: [], hasMore: page.hasMore)
    }

    func end() async throws -> UpdateCursor { try await self.base.end() }
    func positions(of stream: StreamName, partitions: [Int32]) async throws -> StreamPositions {
        try await self.base.positions(of: stream, partitions: partitions)
    }
    func pin(
        _ starts: [Int32: Int64], of stream: StreamIdentity, partitionCount: Int?
    ) async throws -> StreamPositions {
        try await self.base.pin(starts, of: stream, partitionCount: partitionCount)
    }
    func reserveEventIDs(_ count: Int) async throws -> Int64 { try await self.base.reserveEventIDs(count) }
    func write(_ batch: ScoredBatch) async throws -> WriteOutcome { try await self.base.write(batch) }
}

/// A predictor that scores by the row's place in its batch.
struct MoodyPredictor: Predictor {
    let model = ModelIdentity(version: "moody")
    func predict(_ rows: [[FeatureValue]]) async throws -> [Double] {
        rows.indices.map { Double($0) / Double(rows.count) }
    }
}

/// A source that delivers the first event of every batch twice.
struct StammeringSource: EventSource {
    let base: InMemoryEventSource

    func start(positions: any PositionStore) async throws { try await self.base.start(positions: positions) }
    func nextBatch() async throws -> EventBatch? {
        guard var batch = try await self.base.nextBatch() else { return nil }
        batch.entries = batch.entries.prefix(1) + batch.entries
        return batch
    }
    func restart(_ partitions: Set<StreamPartition>) async throws { try await self.base.restart(partitions) }
    func commit(_ ranges: [OffsetRange]) async { await self.base.commit(ranges) }
}

/// The promises of a contract that a subject breaks.
func brokenPromises<Subject>(
    of checks: [ContractCheck<Subject>], _ make: @escaping @Sendable () async throws -> Subject
) async -> Set<String> {
    var broken: Set<String> = []
    for check in checks where !(await check.violations(timeLimit: .seconds(10), of: make)).isEmpty {
        broken.insert(check.promise)
    }
    return broken
}
