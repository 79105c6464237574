import ChurnCore
import ChurnKafka
import Testing

@Suite("Kafka source in a group", .enabled(if: Broker.isPresent, "\(Broker.absent)"), .timeLimit(.minutes(3)))
struct KafkaGroupTests {
    static let assignors: [KafkaSourceConfiguration.Assignor] = [.cooperative, .eager]

    @Test("two members share the partitions, and nothing read ahead of a partition outlives it", arguments: assignors)
    func shares(_ assignor: KafkaSourceConfiguration.Assignor) async throws {
        try await Broker.withTopic(partitions: 4) { topic in
            try await Events.produce((0..<4_000).map { Events.record($0, partition: Int32($0 % 4)) }, to: topic)
            let positions = StoredPositions()
            var configuration = KafkaSourceConfiguration.test(topic, membership: .group(assignor: assignor))
            configuration.batchSize = 50
            configuration.maximumPrefetchedRecords = 4_000
            let book = LogBook()
            try await KafkaEventSource.with(configuration, positions: positions, book: book) { first in
                let begun = try await first.read(100, storing: positions)
                try await eventually { first.prefetchedRecords > 3_000 }
                try await KafkaEventSource.with(configuration, positions: positions) { second in
                    // The first member reads nothing meanwhile, so its prefetch of the leaving partitions must die.
                    let other = try await second.read(1_500, storing: positions, within: .seconds(40))
                    let moved = Set(other.ranges.keys)
                    #expect(!moved.isEmpty && moved.count < 4)
                    for (partition, ranges) in other.ranges {
                        #expect(ranges.first?.from == begun.ranges[partition]?.last?.to ?? 0)
                    }
                    try await eventually { first.prefetchedRecords <= (4 - moved.count) * 1_000 }
                    let rest = (0..<4).filter { !moved.contains($0) }.reduce(0) { sum, partition in
                        sum + 1_000 - Int(positions[partition] ?? 0)
                    }
                    let own = try await first.read(rest, storing: positions)
                    #expect(Set(own.ranges.keys).isDisjoint(with: moved))
                }
                // The second member left: the first takes over where the sink stands.
                let left = (0..<4).reduce(0) { $0 + 1_000 - Int(positions[Int32($1)] ?? 0) }
                let last = try await first.read(left, storing: positions, within: .seconds(40))
                #expect(last.eventCount == left)
                #expect((0..<4).allSatisfy { positions[$0] == 1_000 })
            }
        }
    }

    @Test("a record above the maximum size stops its partition with advice, it does not hang in silence")
    func oversized() async throws {
        try await Broker.withTopic(partitions: 2) { topic in
            try await Events.produce(
                [
                    Events.record(0, partition: 0), Events.record(1, partition: 0, padding: 20_000_000),
                    Events.record(2, partition: 1),
                ], to: topic, maximumRecordBytes: 32 << 20)
            var configuration = KafkaSourceConfiguration.test(topic)
            configuration.maximumRecordBytes = 100_000
            let health = HealthBoard()
            try await KafkaEventSource.with(configuration, positions: StoredPositions(), health: health) { source in
                async let reading = source.batch(within: .seconds(10))
                try await eventually(within: .seconds(20)) {
                    if case .failing(_, let advice)? = health.all["source"] {
                        advice.contains("maximum record size") || advice.contains("offsets reset")
                    } else {
                        false
                    }
                }
                _ = try? await reading
            }
        }
    }

    @Test("a topic that does not exist is reported, and is read from its beginning once it does")
    func missingTopic() async throws {
        try await Broker.withTopic(partitions: 1) { other in
            let topic = "\(other)-late"
            let health = HealthBoard()
            var configuration = KafkaSourceConfiguration.test(topic)
            configuration.start = .latest
            try await KafkaEventSource.with(configuration, positions: StoredPositions(), health: health) { source in
                try await eventually {
                    if case .failing(_, let advice)? = health.all["source"] {
                        advice.contains("create it")
                    } else {
                        false
                    }
                }
                let topics = KafkaTopics(Broker.plain)
                try await topics.create(topic, partitions: 2)
                try await Events.produce((0..<10).map { Events.record($0, partition: Int32($0 % 2)) }, to: topic)
                let reading = try await source.read(10)
                #expect(reading.ranges.values.allSatisfy { $0.first?.from == 0 })
                #expect(health.isReady)
                try await topics.delete(topic)
            }
        }
    }
}
