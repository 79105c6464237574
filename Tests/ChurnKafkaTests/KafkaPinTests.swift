import CRdKafka
import ChurnCore
import Testing

@testable import ChurnKafka

@Suite("First positions of a Kafka source", .timeLimit(.minutes(2)))
struct KafkaPinTests {
    private func cluster(partitions: Int32) async throws -> MockCluster {
        let cluster = try MockCluster()
        cluster.createTopic("events", partitions: partitions)
        try await Events.produce(
            (0..<Int(partitions) * 10).map { Events.record($0, partition: Int32($0) % partitions) }, to: "events",
            connection: cluster.connection)
        return cluster
    }

    private func latest(_ partitions: [Int32], of cluster: MockCluster) -> KafkaSourceConfiguration {
        var configuration = KafkaSourceConfiguration.test(
            "events", connection: cluster.connection, membership: .assigned(partitions))
        configuration.start = .latest
        return configuration
    }

    @Test("partitions that a second process reads first start at the latest record too")
    func siblings() async throws {
        let cluster = try await self.cluster(partitions: 4)
        let positions = StoredPositions()
        for partitions in [[0, 1], [2, 3]] as [[Int32]] {
            try await KafkaEventSource.with(self.latest(partitions, of: cluster), positions: positions) { source in
                try await source.waiting { try await eventually { partitions.allSatisfy { positions[$0] != nil } } }
            }
        }
        #expect((0..<4).map { positions[$0] } == [10, 10, 10, 10])
    }

    @Test("a partition that the stream did not have at first starts at its beginning")
    func addedLater() async throws {
        let cluster = try await self.cluster(partitions: 5)
        let positions = StoredPositions([0: 10], partitionCount: 4)
        try await KafkaEventSource.with(self.latest([0, 3, 4], of: cluster), positions: positions) { source in
            let reading = try await source.read(10)
            #expect(reading.events[4]?.map(\.position.offset) == Array(0..<10))
        }
        #expect(positions[3] == 10)
    }

    @Test("a position that the sink has lost is the one where this process began, not the group's commit")
    func lost() async throws {
        let cluster = try await self.cluster(partitions: 1)
        let positions = StoredPositions()
        let configuration = KafkaSourceConfiguration.test("events", connection: cluster.connection)
        try await KafkaEventSource.with(configuration, positions: positions) { source in
            let reading = try await source.read(10)
            let partition = try #require(reading.ranges[0]?.first?.partition)
            await source.commit([OffsetRange(partition: partition, from: 0, to: 10)])
            try await Task.sleep(for: .seconds(1))
            positions[0] = nil
            try await source.restart([partition])
            let again = try await source.read(10)
            #expect(again.ranges[0]?.first?.from == 0)
        }
    }

    @Test("a partition whose first position the log no longer has stays stopped until someone acts")
    func staysStopped() async throws {
        let cluster = try MockCluster()
        cluster.createTopic("events", partitions: 1)
        let configuration = KafkaSourceConfiguration.test("events", connection: cluster.connection)
        try await Events.produce((0..<10).map { Events.record($0) }, to: "events", connection: cluster.connection)
        try await KafkaEventSource.with(configuration, positions: StoredPositions()) { source in
            let partition = try #require(try await source.read(10).ranges[0]?.first?.partition)
            await source.commit([OffsetRange(partition: partition, from: 0, to: 3)])
            try await Task.sleep(for: .seconds(1))
        }
        // The mock keeps about 5 MB: the group's commit leads nowhere afterwards.
        for first in stride(from: 10, to: 90, by: 10) {
            try await Events.produce(
                (first..<first + 10).map { Events.record($0, padding: 100_000) }, to: "events",
                connection: cluster.connection)
        }
        let (positions, health, book) = (StoredPositions(), HealthBoard(), LogBook())
        try await KafkaEventSource.with(configuration, positions: positions, health: health, book: book) { source in
            try await source.waiting {
                try await eventually { if case .failing = health.all["source"] { true } else { false } }
                #expect(positions[0] == 3)
                // Two looks at the stored positions.
                for _ in 0..<110 {
                    try await Task.sleep(for: .milliseconds(100))
                    guard case .failing(let reason, _)? = health.all["source"] else {
                        Issue.record("the source says \(String(describing: health.all["source"]))")
                        return
                    }
                    #expect(reason.contains("destroyed unread"))
                }
                #expect(book.all.components("records were destroyed before they were read") == 1)
                positions[0] = 95
                try await eventually { health.all["source"] == .healthy }
            }
        }
    }
}

extension String {
    /// Returns the number of occurrences of a text.
    fileprivate func components(_ text: String) -> Int { self.ranges(of: text).count }
}
