import ChurnCore
import ChurnMemory
import ChurnTesting
import Testing

@Suite("The in-memory event source")
struct MemoryEventSourceTests {
    private final class Positions: PositionStore {
        private let store = InMemoryStore(domain: .telco)
        private let stored: [Int32: Int64]
        init(stored: [Int32: Int64] = [:]) { self.stored = stored }

        func positions(of stream: StreamName, partitions: [Int32]) async throws -> StreamPositions {
            _ = try await self.store.pin(self.stored, of: StreamIdentity(name: stream), partitionCount: nil)
            return try await self.store.positions(of: stream, partitions: partitions)
        }
        func pin(
            _ starts: [Int32: Int64], of stream: StreamIdentity, partitionCount: Int?
        ) async throws -> StreamPositions {
            try await self.store.pin(starts, of: stream, partitionCount: partitionCount)
        }
    }

    private func log(partitions: Int32 = 1, recordsKept: Int = 1000, events: Int = 0) -> InMemoryEventLog {
        let log = InMemoryEventLog(partitions: partitions, recordsKept: recordsKept)
        for index in 0..<events { self.append(index, to: log) }
        return log
    }

    private func append(_ index: Int, to log: InMemoryEventLog, partition: Int32? = nil) {
        log.append(
            value: Array("{\"event_type\": \"e\", \"user_id\": \"c\(index)\"}".utf8), partition: partition)
    }

    @Test("keeps the contract of an event source", arguments: EventSourceContract.checks)
    func contract(_ check: EventSourceContract.Check) async {
        await check.verify {
            let log = InMemoryEventLog(partitions: 3)
            return EventSourceUnderTest(
                stream: log.name, partitions: [0, 1, 2], domain: .telco,
                withSource: { use in
                    var configuration = InMemoryEventSource.Configuration()
                    configuration.batchSize = 7
                    try await use(
                        InMemoryEventSource(
                            log: log, decoder: EventDecoder(domain: .telco), configuration: configuration))
                }, append: { log.append(key: $1, value: $2, partition: $0).offset }, finish: { log.finish() })
        }
    }

    @Test("closes a batch when it is full, without waiting")
    func fullBatch() async throws {
        var configuration = InMemoryEventSource.Configuration()
        configuration.batchSize = 10
        configuration.linger = .seconds(3600)
        let source = InMemoryEventSource(
            log: self.log(events: 25), decoder: EventDecoder(domain: .telco), configuration: configuration)
        try await source.start(positions: Positions())
        #expect(try await source.nextBatch()?.entries.count == 10)
        #expect(try await source.nextBatch()?.entries.count == 10)
    }

    @Test("gives each partition its turn when one alone would fill every batch")
    func fairness() async throws {
        let log = self.log(partitions: 2)
        for index in 0..<40 { self.append(index, to: log, partition: 0) }
        self.append(99, to: log, partition: 1)
        var configuration = InMemoryEventSource.Configuration()
        configuration.batchSize = 5
        let source = InMemoryEventSource(
            log: log, decoder: EventDecoder(domain: .telco), configuration: configuration)
        try await source.start(positions: Positions())
        var partitions: Set<Int32> = []
        for _ in 0..<2 {
            partitions.formUnion(try #require(try await source.nextBatch()).ranges.map(\.partition.partition))
        }
        #expect(partitions == [0, 1])
    }

    @Test("stops a partition whose stored position lies outside the log, says what to do, and reads the others")
    func outsideLog() async throws {
        let log = self.log(partitions: 3, recordsKept: 10)
        for index in 0..<30 { self.append(index, to: log) }
        for partition in Int32(0)..<2 {
            for index in 0..<20 { self.append(index, to: log, partition: partition) }
        }
        let health = HealthBoard()
        let source = InMemoryEventSource(log: log, decoder: EventDecoder(domain: .telco), health: health)
        try await source.start(positions: Positions(stored: [0: 2, 1: 99, 2: 5]))
        let batch = try #require(try await source.nextBatch())
        #expect(batch.ranges.map(\.partition.partition) == [2])
        #expect(!health.isReady)
        guard case .failing(_, let advice)? = health.all["source.partition-0"] else {
            Issue.record("partition 0 is not reported")
            return
        }
        #expect(advice.contains("start the stream's next epoch"))
        #expect(health.all.keys.sorted() == ["source.partition-0", "source.partition-1"])
    }

    @Test("stops a partition that the log's retention overtakes instead of skipping what is gone")
    func overtaken() async throws {
        let log = self.log(recordsKept: 5, events: 5)
        var configuration = InMemoryEventSource.Configuration()
        configuration.batchSize = 2
        let health = HealthBoard()
        let source = InMemoryEventSource(
            log: log, decoder: EventDecoder(domain: .telco), configuration: configuration, health: health)
        try await source.start(positions: Positions())
        #expect(try await source.nextBatch()?.ranges.map(\.to) == [2])
        for index in 5..<20 { self.append(index, to: log) }
        log.finish()
        #expect(try await source.nextBatch() == nil)
        #expect(!health.isReady)
    }

    @Test("reads a partition that it was given from its stored position, and one that was taken away no more")
    func assignment() async throws {
        let log = self.log(partitions: 2)
        for index in 0..<10 { self.append(index, to: log, partition: Int32(index % 2)) }
        let source = InMemoryEventSource(log: log, decoder: EventDecoder(domain: .telco), partitions: [0])
        try await source.start(positions: Positions(stored: [1: 3]))
        #expect(try await source.nextBatch()?.ranges.map(\.partition.partition) == [0])
        source.assign([1])
        self.append(10, to: log, partition: 0)
        let batch = try #require(try await source.nextBatch())
        #expect(batch.ranges.map(\.partition.partition) == [1])
        #expect(batch.ranges.map(\.from) == [3])
    }

    /// Gives the source another partition while it asks for the first one's position.
    private final class MeddlingPositions: PositionStore {
        let source = Locked<InMemoryEventSource?>(nil)
        private let store = InMemoryStore(domain: .telco)
        func positions(of stream: StreamName, partitions: [Int32]) async throws -> StreamPositions {
            if partitions == [0] { self.source.withLock { $0?.assign([0, 1]) } }
            return try await self.store.positions(of: stream, partitions: partitions)
        }
        func pin(
            _ starts: [Int32: Int64], of stream: StreamIdentity, partitionCount: Int?
        ) async throws -> StreamPositions {
            try await self.store.pin(starts, of: stream, partitionCount: partitionCount)
        }
    }

    @Test("a partition that comes while positions are read is not overlooked", .timeLimit(.minutes(1)))
    func assignmentDuringTakeUp() async throws {
        let log = self.log(partitions: 2)
        self.append(1, to: log, partition: 1)
        let source = InMemoryEventSource(log: log, decoder: EventDecoder(domain: .telco), partitions: [])
        let positions = MeddlingPositions()
        try await source.start(positions: positions)
        positions.source.withLock { $0 = source }
        source.assign([0])
        #expect(try await source.nextBatch()?.ranges.map(\.partition.partition) == [1])
    }

    @Test("a partition that begins at the end begins there again after a restart, not at a later end")
    func startAtEnd() async throws {
        let log = self.log(events: 10)
        var configuration = InMemoryEventSource.Configuration()
        configuration.start = .end
        let source = InMemoryEventSource(
            log: log, decoder: EventDecoder(domain: .telco), configuration: configuration)
        try await source.start(positions: Positions())
        self.append(10, to: log)
        let first = try #require(try await source.nextBatch())
        #expect(first.ranges.map(\.from) == [10])
        try await source.restart(Set(first.ranges.map(\.partition)))
        #expect(try await source.nextBatch()?.ranges.map(\.from) == [10])
    }

    @Test("begins at its group's commit where the sink has no position")
    func groupCommit() async throws {
        let log = self.log(events: 10)
        let first = InMemoryEventSource(log: log, decoder: EventDecoder(domain: .telco))
        try await first.start(positions: Positions())
        let partition = try #require(try await first.nextBatch()?.ranges.first?.partition)
        await first.commit([OffsetRange(partition: partition, from: 0, to: 6)])
        #expect(log.committedOffsets(of: "churn") == [0: 6])
        let second = InMemoryEventSource(log: log, decoder: EventDecoder(domain: .telco))
        try await second.start(positions: Positions())
        #expect(try await second.nextBatch()?.ranges.map(\.from) == [6])
    }
}

@Suite("The in-memory event log")
struct MemoryEventLogTests {
    @Test("keeps the records of one key in one partition, and spreads those without a key")
    func partitions() {
        let log = InMemoryEventLog(partitions: 4)
        let keyed = Set((0..<10).map { _ in log.append(key: [1, 2, 3], value: []).partition })
        #expect(keyed.count == 1)
        let keys = Set((0..<200).map { log.append(key: Array("key-\($0)".utf8), value: []).partition })
        #expect(keys == [0, 1, 2, 3])
        let unkeyed = Set((0..<4).map { _ in log.append(value: []).partition })
        #expect(unkeyed == [0, 1, 2, 3])
    }

    @Test("forgets its oldest records and says where it begins")
    func retention() {
        let log = InMemoryEventLog(recordsKept: 100)
        for _ in 0..<5000 { log.append(value: [0]) }
        #expect(log.offsets(of: 0) == 4900..<5000)
        #expect(log.offsets(of: 7).isEmpty)
    }
}
