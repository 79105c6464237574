import ChurnCore
import Testing

@testable import ChurnKafka

/// Runs an endless job beside a test and ends it afterwards.
private func alongside(
    _ job: @escaping @Sendable () async throws -> Void, _ body: () async throws -> Void
) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await job() }
        try await body()
        group.cancelAll()
    }
}

/// Progress that a test can look at.
private final class Kept<Position: Sendable & Equatable>: Sendable {
    private let value = Locked<Position?>(nil)
    var saved: Position? { self.value.withLock { $0 } }
    func save(_ position: Position) { self.value.withLock { $0 = position } }
    var progress: ExportProgress<Position> { self.progress(of: .exclusive) }
    func progress(of lease: ExportLease) -> ExportProgress<Position> {
        ExportProgress(
            lease: lease, load: { self.saved },
            move: { from, to in
                self.value.withLock { value in
                    guard value == from else { return false }
                    value = to
                    return true
                }
            })
    }
}

@Suite("Exports to topics", .timeLimit(.minutes(1)))
struct ExportTests {
    private static let stream = StreamIdentity(name: StreamName(cluster: "c", topic: "events"), epoch: 2)

    private static func letter(_ id: Int64, at seconds: Int64, value: [UInt8]? = [0xff, UInt8(0)]) -> DeadLetter {
        let position = StreamPosition(
            partition: StreamPartition(stream: Self.stream, partition: 3), offset: 100 + id)
        let record = Record(
            position: position, key: [7, UInt8(id)], value: value,
            headers: [RecordHeader(name: "trace", value: nil)], time: Timestamp(microseconds: 0))
        return DeadLetter(
            id: id, rejection: Rejection(record: record, code: .invalidUTF8, reason: "the value is not valid UTF-8"),
            status: .open, attempts: 1, time: Timestamp(microseconds: seconds * 1_000_000))
    }

    /// Dead letters that a test adds in any order.
    private final class Letters: DeadLetterStore {
        private let letters = Locked<[DeadLetter]>([])
        func add(_ letter: DeadLetter) { self.letters.withLock { $0.append(letter) } }
        func deadLetters(after id: Int64, status: DeadLetter.Status?, limit: Int) async throws -> [DeadLetter] {
            Array(self.letters.withLock { $0 }.filter { $0.id > id }.sorted { $0.id < $1.id }.prefix(limit))
        }
        func deadLetter(id: Int64) async throws -> DeadLetter? { nil }
    }

    @Test("dead letters keep their bytes, say why and where, and one that appears late is not passed over")
    func deadLetters() async throws {
        let cluster = try MockCluster()
        cluster.createTopic("dead", partitions: 1)
        let letters = Letters()
        letters.add(Self.letter(1, at: 10))
        letters.add(Self.letter(3, at: 100, value: nil))
        let kept = Kept<Int64>()
        let producer = try KafkaProducer(
            .init(connection: cluster.connection, topic: "dead"), logger: LogBook().logger)
        let health = HealthBoard()
        let clock = Locked<Int64>(110)
        let forwarder = DeadLetterForwarder(
            store: letters, producer: producer, progress: kept.progress, settling: .seconds(60),
            interval: .milliseconds(20),
            now: { Timestamp(microseconds: clock.withLock { $0 } * 1_000_000) }, health: health,
            logger: LogBook().logger)
        let configuration = KafkaSourceConfiguration.test("dead", connection: cluster.connection)
        try await KafkaEventSource.with(configuration, positions: StoredPositions()) { source in
            try await alongside({ try await forwarder.run() }) {
                let reading = try await source.read(2)
                // Letter 3 is younger than the settling time, so it does not count as passed.
                try await eventually { kept.saved == 1 }
                letters.add(Self.letter(2, at: 99))
                let late = try await source.read(1)
                #expect(late.rejections[0].record.key == [7, 2])
                clock.withLock { $0 = 200 }
                try await eventually { kept.saved == 3 }
                #expect(health.all["dead-letter-export"] == .healthy)

                let record = try #require(reading.rejections.last).record
                #expect(record.key == [7, 3])
                #expect(record.value == nil)
                let headers = Dictionary(
                    uniqueKeysWithValues: record.headers.map {
                        ($0.name, $0.value.map { String(decoding: $0, as: UTF8.self) })
                    })
                #expect(record.headers.first == RecordHeader(name: "trace", value: nil))
                #expect(headers["churn-code"] == "invalid_utf8")
                #expect(headers["churn-reason"] == "the value is not valid UTF-8")
                #expect(headers["churn-topic"] == "events")
                #expect(headers["churn-partition"] == "3")
                #expect(headers["churn-offset"] == "103")
                #expect(headers["churn-dead-letter"] == "3")
                #expect(reading.rejections[0].record.value == [0xff, 0])
            }
        }
        await producer.close()
    }

    @Test("a dead letter that the topic refuses for its size goes without its value and stops no other")
    func oversizedLetters() async throws {
        let cluster = try MockCluster()
        cluster.createTopic("dead", partitions: 1)
        let letters = Letters()
        letters.add(Self.letter(1, at: 10, value: Array(repeating: 0xff, count: 5_000)))
        letters.add(Self.letter(2, at: 10))
        var output = KafkaProducer.Configuration(connection: cluster.connection, topic: "dead")
        output.maximumRecordBytes = 2_000
        let producer = try KafkaProducer(output, logger: LogBook().logger)
        let kept = Kept<Int64>()
        let forwarder = DeadLetterForwarder(
            store: letters, producer: producer, progress: kept.progress, interval: .milliseconds(20),
            now: { Timestamp(microseconds: 1_000_000_000) }, health: HealthBoard(), logger: LogBook().logger)
        let configuration = KafkaSourceConfiguration.test("dead", connection: cluster.connection)
        try await KafkaEventSource.with(configuration, positions: StoredPositions()) { source in
            try await alongside({ try await forwarder.run() }) {
                let reading = try await source.read(2)
                try await eventually { kept.saved == 2 }
                let first = try #require(reading.rejections.first { $0.record.key == [7, 1] })
                #expect(first.record.value == nil)
                #expect(first.record.headers.contains(RecordHeader(name: "churn-omitted-bytes", text: "5000")))
                let second = try #require(reading.rejections.first { $0.record.key == [7, 2] })
                #expect(second.record.value == [0xff, 0])
            }
        }
        await producer.close()
    }

    /// An update log of fixed blocks, whose end a test moves.
    private final class Updates: UpdateLog {
        private let blocks = Locked<[UpdateBlock]>([])
        func add(_ block: UpdateBlock) { self.blocks.withLock { $0.append(block) } }
        func updates(after cursor: UpdateCursor, limit: Int, bytes: Int) async throws -> UpdatePage {
            let later = self.blocks.withLock { $0 }.filter { ($0.numbers.last ?? 0) > cursor.seen[$0.partition] ?? -1 }
            return UpdatePage(blocks: Array(later.prefix(limit)), hasMore: later.count > limit)
        }
        func end() async throws -> UpdateCursor { UpdateCursor() }
    }

    private static func block(previous: Int64?, _ numbers: [Int64]) -> UpdateBlock {
        var (bytes, ends): ([UInt8], [Int]) = ([], [])
        var written = HeaderWriter()
        for number in numbers {
            bytes += Array(#"{"type":"new_event","payload":{"user_id":"C-\#(number)","event_type":"x"}}"#.utf8)
            ends.append(bytes.count)
            written.append(
                UpdateHeader(
                    isAlert: false, becameAtRisk: false, band: .low, eventType: "x", customer: "C-\(number)",
                    segment: nil))
        }
        return UpdateBlock(
            partition: StreamPartition(stream: Self.stream, partition: 1), previous: previous, numbers: numbers,
            bytes: bytes, ends: ends, headers: written.column)
    }

    @Test("updates are exported from the cursor on, by customer, with their numbers")
    func updates() async throws {
        let cluster = try MockCluster()
        cluster.createTopic("updates", partitions: 1)
        let log = Updates()
        log.add(Self.block(previous: nil, [4, 7]))
        log.add(Self.block(previous: 7, [9, 12]))
        let kept = Kept<UpdateCursor>()
        let partition = StreamPartition(stream: Self.stream, partition: 1)
        kept.save(UpdateCursor(seen: [partition: 7]))
        let producer = try KafkaProducer(
            .init(connection: cluster.connection, topic: "updates"), logger: LogBook().logger)
        let exporter = KafkaUpdateExporter(
            log: log, producer: producer, progress: kept.progress, interval: .seconds(30), health: HealthBoard(),
            logger: LogBook().logger)
        let configuration = KafkaSourceConfiguration.test("updates", connection: cluster.connection)
        try await KafkaEventSource.with(configuration, positions: StoredPositions()) { source in
            try await alongside({ try await exporter.run() }) {
                let first = try await source.read(2)
                #expect(first.rejections.map(\.record.key) == [Array("C-9".utf8), Array("C-12".utf8)])
                let headers = first.rejections.last?.record.headers ?? []
                #expect(headers.contains(RecordHeader(name: "churn-number", text: "12")))
                #expect(headers.contains(RecordHeader(name: "churn-previous", text: "9")))
                try await eventually { kept.saved?.seen[partition] == 12 }
                // A wake-up, since the interval is longer than this test may take.
                let block = Self.block(previous: 12, [15])
                log.add(block)
                exporter.publish([block])
                let second = try await source.read(1)
                #expect(second.rejections.first?.record.key == Array("C-15".utf8))
            }
        }
        await producer.close()
    }

    /// A lease that one of several exporters has, until a test takes it from them.
    private final class Lease: Sendable {
        private let holder = Locked<String?>(nil)
        private let dead = Locked<Set<String>>([])
        var held: String? { self.holder.withLock { $0 } }
        func kill(_ name: String) {
            self.dead.withLock { _ = $0.insert(name) }
            self.holder.withLock { if $0 == name { $0 = nil } }
        }
        func of(_ name: String) -> ExportLease {
            ExportLease(
                duration: .milliseconds(60),
                claim: { _ in
                    if self.dead.withLock({ $0.contains(name) }) { return false }
                    return self.holder.withLock { holder in
                        holder = holder ?? name
                        return holder == name
                    }
                }, release: { self.holder.withLock { if $0 == name { $0 = nil } } })
        }
    }

    @Test("of several exporters one exports, and another one goes on where it stopped")
    func oneOwner() async throws {
        let cluster = try MockCluster()
        cluster.createTopic("updates", partitions: 1)
        let log = Updates()
        let kept = Kept<UpdateCursor>()
        let lease = Lease()
        let partition = StreamPartition(stream: Self.stream, partition: 1)
        kept.save(UpdateCursor())
        let producer = try KafkaProducer(
            .init(connection: cluster.connection, topic: "updates"), logger: LogBook().logger)
        let exporters = ["a", "b", "c"].map { name in
            KafkaUpdateExporter(
                log: log, producer: producer, progress: kept.progress(of: lease.of(name)), interval: .milliseconds(5),
                health: HealthBoard(), logger: LogBook().logger)
        }
        let configuration = KafkaSourceConfiguration.test("updates", connection: cluster.connection)
        try await KafkaEventSource.with(configuration, positions: StoredPositions()) { source in
            try await alongside({
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for exporter in exporters { group.addTask { try await exporter.run() } }
                    try await group.waitForAll()
                }
            }) {
                var previous: Int64?
                var seen: [[UInt8]] = []
                for round in Int64(0)..<3 {
                    let numbers = Array(round * 10..<round * 10 + 10)
                    log.add(Self.block(previous: previous, numbers))
                    previous = numbers.last
                    // One that has just lost the lease may still send what it had begun: at least once, in order.
                    while seen.count < numbers.count * Int(round + 1) {
                        for key in try await source.read(1).rejections.compactMap(\.record.key)
                        where !seen.contains(key) {
                            seen.append(key)
                        }
                    }
                    #expect(seen == (0..<round * 10 + 10).map { Array("C-\($0)".utf8) })
                    try await eventually { kept.saved?.seen[partition] == previous }
                    if let held = lease.held, round < 2 { lease.kill(held) }
                }
            }
        }
        // Whoever stops gives the lease up.
        #expect(lease.held == nil)
        await producer.close()
    }

    @Test("a position that another process has moved is not moved back, and is where an exporter goes on")
    func noWayBack() async throws {
        let cluster = try MockCluster()
        cluster.createTopic("updates", partitions: 1)
        let log = Updates()
        let kept = Kept<UpdateCursor>()
        let partition = StreamPartition(stream: Self.stream, partition: 1)
        kept.save(UpdateCursor(seen: [partition: 7]))
        let producer = try KafkaProducer(
            .init(connection: cluster.connection, topic: "updates"), logger: LogBook().logger)
        let exporter = KafkaUpdateExporter(
            log: log, producer: producer, progress: kept.progress, interval: .milliseconds(5), health: HealthBoard(),
            logger: LogBook().logger)
        let configuration = KafkaSourceConfiguration.test("updates", connection: cluster.connection)
        try await KafkaEventSource.with(configuration, positions: StoredPositions()) { source in
            try await alongside({ try await exporter.run() }) {
                log.add(Self.block(previous: 7, [9]))
                #expect(try await source.read(1).rejections.map(\.record.key) == [Array("C-9".utf8)])
                try await eventually { kept.saved?.seen[partition] == 9 }
                kept.save(UpdateCursor(seen: [partition: 20]))
                log.add(Self.block(previous: 9, [12]))
                log.add(Self.block(previous: 12, [25]))
                try await eventually { kept.saved?.seen[partition] == 25 }
            }
        }
        await producer.close()
    }

    @Test("an export that fails degrades the process, which stays ready, and recovers")
    func failing() async throws {
        let isDown = Locked(true)
        let rounds = Locked(0)
        let health = HealthBoard()
        let loop = ExportLoop(
            interval: .milliseconds(5), name: "update-export", health: health, logger: LogBook().logger,
            lease: .exclusive)
        try await alongside({
            try await loop.run { _ in
                rounds.withLock { $0 += 1 }
                if isDown.withLock({ $0 }) {
                    throw ChurnError(
                        .sourceUnavailable, .retry, during: "writing to Kafka", advice: "look at the topic")
                }
                return false
            }
        }) {
            try await eventually { health.all["update-export"]?.advice == "look at the topic" }
            #expect(health.isReady)
            isDown.withLock { $0 = false }
            try await eventually { health.all["update-export"] == .healthy }
        }
    }
}
