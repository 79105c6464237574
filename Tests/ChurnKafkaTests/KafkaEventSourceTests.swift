import ChurnCore
import ChurnKafka
import Testing

@Suite("Kafka source on a real broker", .enabled(if: Broker.isPresent, "\(Broker.absent)"), .timeLimit(.minutes(2)))
struct KafkaEventSourceTests {
    static let memberships: [KafkaSourceConfiguration.Membership] = [
        .assigned(), .group(assignor: .cooperative), .group(assignor: .eager),
    ]

    @Test("every record is delivered once and in order, whatever the membership", arguments: memberships)
    func deliversAll(_ membership: KafkaSourceConfiguration.Membership) async throws {
        try await Broker.withTopic(partitions: 4) { topic in
            try await Events.produce((0..<3_000).map { Events.record($0) }, to: topic)
            try await KafkaEventSource.with(.test(topic, membership: membership), positions: StoredPositions()) {
                source in
                let reading = try await source.read(3_000)
                #expect(reading.eventCount == 3_000)
                #expect(reading.ranges.values.allSatisfy { $0.first?.from == 0 })
                for events in reading.events.values {
                    #expect(events.map(\.position.offset) == Array(0..<Int64(events.count)))
                }
            }
        }
    }

    @Test("a partition starts exactly at the stored position", arguments: memberships)
    func startsAtStored(_ membership: KafkaSourceConfiguration.Membership) async throws {
        try await Broker.withTopic(partitions: 2) { topic in
            try await Events.produce((0..<100).map { Events.record($0, partition: Int32($0 % 2)) }, to: topic)
            let positions = StoredPositions([0: 17, 1: 50])
            try await KafkaEventSource.with(.test(topic, membership: membership), positions: positions) { source in
                try await Events.produce([Events.record(100, partition: 1)], to: topic)
                let reading = try await source.read(34)
                #expect(reading.ranges[0]?.first?.from == 17)
                #expect(reading.ranges[1]?.first?.from == 50)
                #expect(reading.events[0]?.count == 33)
                #expect(reading.events[1]?.count == 1)
            }
        }
    }

    @Test("restart goes back to the stored positions, and no later batch begins elsewhere", arguments: memberships)
    func restarts(_ membership: KafkaSourceConfiguration.Membership) async throws {
        try await Broker.withTopic(partitions: 2) { topic in
            try await Events.produce((0..<2_000).map { Events.record($0, partition: Int32($0 % 2)) }, to: topic)
            let positions = StoredPositions()
            var configuration = KafkaSourceConfiguration.test(topic, membership: membership)
            configuration.batchSize = 100
            configuration.maximumPrefetchedRecords = 400
            try await KafkaEventSource.with(configuration, positions: positions) { source in
                // More than one partition holds, so that both were read from, in whichever order they came.
                let first = try await source.read(1_100)
                let stream = try #require(first.ranges[0]?.first?.partition.stream)
                positions[0] = 10
                positions[1] = first.ranges[1]?.last?.to
                try await source.restart([
                    StreamPartition(stream: stream, partition: 0), StreamPartition(stream: stream, partition: 9),
                ])
                var again = try await source.read(2_000 - 10 - (first.events[1]?.count ?? 0))
                #expect(again.ranges[0]?.first?.from == 10)
                #expect(again.events[0]?.map(\.position.offset) == Array(10..<1_000))
                #expect((again.ranges[1]?.first?.from ?? 1_000) == first.ranges[1]?.last?.to)

                positions[0] = 990
                positions[1] = 995
                try await source.restart(Set([0, 1].map { StreamPartition(stream: stream, partition: $0) }))
                again = try await source.read(15)
                #expect(again.ranges[0]?.first?.from == 990)
                #expect(again.ranges[1]?.first?.from == 995)
            }
        }
    }

    @Test("a null value, bad UTF-8 and a record of 2 MB become rejections that keep their position")
    func rejects() async throws {
        try await Broker.withTopic(partitions: 1) { topic in
            let key = Array("C-1".utf8)
            try await Events.produce(
                [
                    Events.record(0),
                    OutgoingRecord(key: key, value: nil, headers: [RecordHeader(name: "trace", value: [1, 2])]),
                    OutgoingRecord(key: key, value: [0xff, 0xfe, 0x00]),
                    OutgoingRecord(key: key, value: []),
                    OutgoingRecord(key: nil, value: Events.json("C-1", number: 4, padding: 2_000_000)),
                    Events.record(5),
                ], to: topic)
            try await KafkaEventSource.with(.test(topic), positions: StoredPositions()) { source in
                let reading = try await source.read(6)
                #expect(reading.events[0]?.map(\.position.offset) == [0, 5])
                #expect(reading.rejections.map(\.code) == [.nullValue, .invalidUTF8, .invalidJSON, .tooLarge])
                #expect(reading.rejections.map(\.record.position.offset) == [1, 2, 3, 4])
                #expect(reading.rejections[0].record.value == nil)
                #expect(reading.rejections[0].record.headers == [RecordHeader(name: "trace", value: [1, 2])])
                #expect(reading.rejections[2].record.value == [])
                #expect(reading.ranges[0]?.last?.to == 6)
            }
        }
    }

    @Test("cancelling nextBatch loses nothing")
    func cancels() async throws {
        try await Broker.withTopic(partitions: 1) { topic in
            try await KafkaEventSource.with(.test(topic), positions: StoredPositions()) { source in
                var reading = Reading()
                for round in 0..<20 {
                    let waiting = Task { try await source.nextBatch() }
                    if round % 3 == 0 { await Task.yield() }
                    try await Events.produce((0..<20).map { Events.record(round * 20 + $0) }, to: topic)
                    waiting.cancel()
                    if case .success(let batch?) = await waiting.result { reading.add(batch) }
                }
                while reading.eventCount < 400, let batch = try await source.batch() { reading.add(batch) }
                #expect(reading.events[0]?.map(\.position.offset) == Array(0..<400))
            }
        }
    }

    @Test("a full prefetch stops reading, and polling goes on past max.poll.interval.ms")
    func bounds() async throws {
        try await Broker.withTopic(partitions: 2) { topic in
            try await Events.produce((0..<5_000).map { Events.record($0) }, to: topic)
            let connection = KafkaConnection(
                brokers: Broker.address,
                settings: [
                    "session.timeout.ms": "6000", "heartbeat.interval.ms": "300", "max.poll.interval.ms": "6000",
                ])
            var configuration = KafkaSourceConfiguration.test(topic, connection: connection, membership: .group())
            configuration.batchSize = 100
            configuration.maximumPrefetchedRecords = 500
            let book = LogBook()
            try await KafkaEventSource.with(configuration, positions: StoredPositions(), book: book) { source in
                var reading = Reading()
                reading.add(try #require(try await source.batch()))
                #expect(reading.eventCount <= 100)
                // Longer than the interval after which a consumer that does not poll loses its partitions, and that
                // longer than a busy machine stands still.
                try await Task.sleep(for: .seconds(8))
                #expect(source.prefetchedRecords <= 500)
                while reading.eventCount < 5_000, let batch = try await source.batch() { reading.add(batch) }
                #expect(reading.eventCount == 5_000)
                #expect(!book.all.contains("Partitions lost"))
            }
        }
    }

    @Test("a batch waits for more until its oldest record has lingered")
    func lingers() async throws {
        try await Broker.withTopic(partitions: 1) { topic in
            var configuration = KafkaSourceConfiguration.test(topic)
            configuration.linger = .milliseconds(400)
            try await KafkaEventSource.with(configuration, positions: StoredPositions()) { source in
                try await Events.produce([Events.record(0)], to: topic)
                _ = try await source.read(1)
                async let batch = source.batch()
                for number in 1...3 { try await Events.produce([Events.record(number)], to: topic) }
                let first = try #require(try await batch)
                // The three were written within the linger, unless the machine stood still meanwhile.
                withKnownIssue("a slow machine splits the batch", isIntermittent: true) {
                    #expect(first.entries.count == 3)
                }
            }
        }
    }

    @Test("commits are hints that the group keeps, and a first start goes on there")
    func commits() async throws {
        try await Broker.withTopic(partitions: 1) { topic in
            try await Events.produce((0..<100).map { Events.record($0) }, to: topic)
            try await KafkaEventSource.with(.test(topic, membership: .group()), positions: StoredPositions()) {
                source in
                let reading = try await source.read(100)
                let partition = try #require(reading.ranges[0]?.first?.partition)
                await source.commit([OffsetRange(partition: partition, from: 0, to: 40)])
            }
            // The sink knows nothing: the group's commit counts.
            try await KafkaEventSource.with(.test(topic, membership: .group()), positions: StoredPositions()) {
                source in
                let reading = try await source.read(60)
                #expect(reading.ranges[0]?.first?.from == 40)
            }
            // The sink knows better.
            let positions = StoredPositions([0: 90])
            try await KafkaEventSource.with(.test(topic, membership: .group()), positions: positions) { source in
                let reading = try await source.read(10)
                #expect(reading.ranges[0]?.first?.from == 90)
            }
        }
    }

    @Test("a partition that was added later starts at its beginning")
    func addedPartitions() async throws {
        try await Broker.withTopic(partitions: 2) { topic in
            try await Events.produce((0..<20).map { Events.record($0, partition: Int32($0 % 2)) }, to: topic)
            var configuration = KafkaSourceConfiguration.test(topic)
            configuration.start = .latest
            try await KafkaEventSource.with(configuration, positions: StoredPositions([0: 10], partitionCount: 1)) {
                source in
                let reading = try await source.read(10)
                #expect(reading.events[1]?.map(\.position.offset) == Array(0..<10))
            }
        }
    }

    @Test("a sink that cannot be read fails the call, and the next one tries again")
    func readsPositionsAgain() async throws {
        try await Broker.withTopic(partitions: 1) { topic in
            try await Events.produce([Events.record(0)], to: topic)
            let positions = StoredPositions()
            positions.fail(times: 2)
            try await KafkaEventSource.with(.test(topic), positions: positions) { source in
                for _ in 0..<2 {
                    await #expect(throws: ChurnError.self) { _ = try await source.batch(retrying: false) }
                }
                let reading = try await source.read(1)
                #expect(reading.eventCount == 1)
            }
        }
    }

    @Test("the source ends with nil once it is closed, at once")
    func ends() async throws {
        try await Broker.withTopic(partitions: 1) { topic in
            try await KafkaEventSource.with(.test(topic, membership: .group()), positions: StoredPositions()) {
                source in
                async let last = source.batch()
                await source.close()
                let ending = try await last
                #expect(ending == nil)
                let again = try await source.nextBatch()
                #expect(again == nil)
            }
        }
    }
}
