import ChurnCore
import ChurnInsight
import ChurnMemory
import Testing

@Suite("The in-memory store")
struct MemoryStoreTests {
    private struct Stop: Error {}
    private let partition = StreamPartition(
        stream: StreamIdentity(name: StreamName(cluster: "local", topic: "t")), partition: 0)

    private func range(_ from: Int64, _ to: Int64) -> OffsetRange {
        OffsetRange(partition: self.partition, from: from, to: to)
    }

    private func scored(_ offset: Int64, id: Int64, source: String? = nil) -> ScoredEvent {
        let time = Timestamp(microseconds: offset)
        return ScoredEvent(
            eventID: id,
            event: CustomerEvent(
                position: StreamPosition(partition: self.partition, offset: offset), customerID: "c",
                type: EventType(rawValue: "e"), time: time, recordTime: time, sourceEventID: source, json: [0x7B, 0x7D]),
            prediction: Prediction(
                customerID: "c", probability: 0.5, band: .medium, model: ModelIdentity(version: "m"), stateVersion: 0,
                alert: AlertDecision(isAlert: false, becameAtRisk: false)))
    }

    private func store(
        _ configuration: InMemoryStore.Configuration = .init(), failpoints: Failpoints = .none,
        now: (@Sendable () -> Timestamp)? = nil
    ) async throws -> InMemoryStore {
        let store = InMemoryStore(domain: .telco, configuration: configuration, failpoints: failpoints, now: now)
        _ = try await store.importCustomers([
            CustomerState(id: "c", features: Array(repeating: .missing, count: Domain.telco.schema.count))
        ])
        return store
    }

    @Test("a failure before the commit point leaves nothing behind")
    func failureBeforeCommit() async throws {
        let store = try await self.store(failpoints: Failpoints { if $0 == .beforeCommit { throw Stop() } })
        await #expect(throws: Stop.self) {
            _ = try await store.write(ScoredBatch(ranges: [self.range(0, 5)], events: [self.scored(0, id: 1)]))
        }
        #expect(try await store.positions(of: self.partition.stream.name, partitions: [0]).stored.isEmpty)
        #expect(try await store.customer(id: "c", recentEvents: 5)?.recentEvents.isEmpty == true)
    }

    @Test("a failure after the commit point leaves the whole batch, and the next writer goes on")
    func failureAfterCommit() async throws {
        let failures = Locked(1)
        let store = try await self.store(
            failpoints: Failpoints { point in
                guard point == .afterCommit else { return }
                let fails = failures.withLock { count in
                    count -= 1
                    return count == 0
                }
                if fails { throw Stop() }
            })
        await #expect(throws: Stop.self) {
            _ = try await store.write(ScoredBatch(ranges: [self.range(0, 5)], events: [self.scored(0, id: 1)]))
        }
        #expect(try await store.positions(of: self.partition.stream.name, partitions: [0]).stored[0]?.nextOffset == 5)
        #expect(try await store.customer(id: "c", recentEvents: 5)?.recentEvents.count == 1)
        guard case .written = try await store.write(ScoredBatch(ranges: [self.range(5, 6)])) else {
            Issue.record("the store did not go on")
            return
        }
    }

    @Test("a source event id is forgotten when its window is over")
    func windowEnds() async throws {
        let now = Locked(Timestamp(microseconds: 0))
        var configuration = InMemoryStore.Configuration()
        configuration.deduplicationWindow = .seconds(10)
        let store = try await self.store(configuration) { now.withLock { $0 } }
        _ = try await store.write(
            ScoredBatch(ranges: [self.range(0, 1)], events: [self.scored(0, id: 1, source: "s")]))
        let key = SourceEventKey(customerID: "c", sourceEventID: "s")
        now.withLock { $0 = Timestamp(microseconds: 9_999_999) }
        #expect(try await store.accepted([key]) == [key])
        now.withLock { $0 = Timestamp(microseconds: 10_000_000) }
        #expect(try await store.accepted([key]).isEmpty)
    }

    @Test("history, update log and source event ids stay within their bounds")
    func boundedMemory() async throws {
        var configuration = InMemoryStore.Configuration()
        configuration.eventsPerCustomer = 3
        configuration.updateBlocksKept = 4
        configuration.sourceEventsKept = 5
        let store = try await self.store(configuration)
        for offset in Int64(0)..<500 {
            let block = UpdateBlock(
                partition: self.partition, previous: offset == 0 ? nil : offset - 1, numbers: [offset], bytes: [0],
                ends: [1])
            _ = try await store.write(
                ScoredBatch(
                    ranges: [self.range(offset, offset + 1)],
                    events: [self.scored(offset, id: offset, source: "s\(offset)")], updates: [block]))
        }
        let record = try await store.customer(id: "c", recentEvents: 100)
        #expect(record?.recentEvents.map(\.eventID) == [499, 498, 497])
        let page = try await store.updates(after: UpdateCursor(), limit: 100)
        #expect(page.blocks.flatMap(\.numbers) == [496, 497, 498, 499])
        #expect(page.gaps == [self.partition])
        let keys = (0..<500).map { SourceEventKey(customerID: "c", sourceEventID: "s\($0)") }
        #expect(try await store.accepted(keys) == Set(keys.suffix(5)))
    }

    @Test("the update log is bounded by its bytes too, over all partitions")
    func boundedBytes() async throws {
        var configuration = InMemoryStore.Configuration()
        configuration.updateBytesKept = 1_000_000
        let store = try await self.store(configuration)
        for offset in Int64(0)..<60 {
            let partition = StreamPartition(stream: self.partition.stream, partition: Int32(offset % 3))
            let block = UpdateBlock(
                partition: partition, previous: offset < 3 ? nil : offset - 3, numbers: [offset],
                bytes: Array(repeating: 0x20, count: 90_000), ends: [90_000])
            _ = try await store.write(
                ScoredBatch(
                    ranges: [OffsetRange(partition: partition, from: max(0, offset - 2), to: offset + 1)],
                    updates: [block]))
        }
        let page = try await store.updates(after: UpdateCursor(), limit: 100, bytes: .max)
        #expect(page.blocks.map(\.numbers) == (49..<60).map { [$0] })
        #expect(page.gaps.count == 3)
    }

    @Test("an observer sees the batches as they were applied, in the order of the writes")
    func observer() async throws {
        let seen = Locked<[ScoredBatch]>([])
        let store = InMemoryStore(
            domain: .telco,
            onChange: { change in
                if case .batch(let batch) = change { seen.withLock { $0.append(batch) } }
            })
        let rescore = Rescore(
            eventID: 1, prediction: try #require(self.scored(0, id: 1).prediction), time: Timestamp(microseconds: 0))
        _ = try await store.write(ScoredBatch(ranges: [self.range(0, 1)], rescores: [rescore]))
        _ = try await store.write(ScoredBatch(ranges: [self.range(0, 1)]))
        _ = try await store.write(ScoredBatch(ranges: [self.range(1, 2)]))
        #expect(seen.withLock { $0.map { $0.ranges.map(\.from) } } == [[0], [1]])
        #expect(seen.withLock { $0.first?.rescores.isEmpty } == true)
    }

    @Test("customers with another number of features are refused as a whole")
    func wrongWidth() async throws {
        let store = InMemoryStore(domain: .telco)
        let good = CustomerState(id: "a", features: Array(repeating: .missing, count: Domain.telco.schema.count))
        await #expect(throws: ChurnError.self) {
            _ = try await store.importCustomers([good, CustomerState(id: "b", features: [.missing])])
        }
        #expect(try await store.customerCount() == 0)
    }
}
