import ChurnCore
import Testing

@testable import ChurnKafka

@Suite("Kafka producer", .timeLimit(.minutes(1)))
struct KafkaProducerTests {
    private func producer(_ cluster: MockCluster, _ change: (inout KafkaProducer.Configuration) -> Void = { _ in })
        throws -> KafkaProducer
    {
        var configuration = KafkaProducer.Configuration(connection: cluster.connection, topic: "out")
        change(&configuration)
        return try KafkaProducer(configuration, logger: LogBook().logger)
    }

    @Test("send returns when all records are in the topic, through a queue of ten as well")
    func sends() async throws {
        let cluster = try MockCluster()
        cluster.createTopic("out", partitions: 3)
        let producer = try self.producer(cluster) {
            $0.maximumQueuedRecords = 10
            $0.linger = .zero
        }
        try await producer.send((0..<200).map { Events.record($0) })
        await producer.close()
        let configuration = KafkaSourceConfiguration.test("out", connection: cluster.connection)
        try await KafkaEventSource.with(configuration, positions: StoredPositions()) { source in
            let reading = try await source.read(200)
            var homes: [String: Set<Int32>] = [:]
            for event in reading.events.values.joined() {
                homes[event.customerID, default: []].insert(event.position.partition.partition)
            }
            #expect(homes.values.allSatisfy { $0.count == 1 }, "one customer's events lie in several partitions")
        }
    }

    @Test("a cluster that does not answer fails the send after the delivery timeout")
    func timesOut() async throws {
        let cluster = try MockCluster()
        cluster.createTopic("out", partitions: 1)
        try cluster.setDown()
        let producer = try self.producer(cluster) { $0.deliveryTimeout = .milliseconds(500) }
        do {
            try await producer.send([Events.record(0), Events.record(1)])
            Issue.record("the records were delivered")
        } catch let error as ChurnError {
            #expect(error.disposition == .retry)
        }
        await producer.close()
    }

    @Test("a record above the maximum is refused as data")
    func refusesLarge() async throws {
        let cluster = try MockCluster()
        cluster.createTopic("out", partitions: 1)
        let producer = try self.producer(cluster) { $0.maximumRecordBytes = 2_000 }
        do {
            try await producer.send([Events.record(0), Events.record(1, padding: 5_000), Events.record(2)])
            Issue.record("the record was accepted")
        } catch let error as ChurnError {
            #expect(error.disposition == .reject)
        }
        await producer.close()
    }

    @Test("a cancelled send does not wait for the delivery timeout")
    func cancels() async throws {
        let cluster = try MockCluster()
        cluster.createTopic("out", partitions: 1)
        try cluster.setDown()
        let producer = try self.producer(cluster) {
            $0.deliveryTimeout = .seconds(300)
            $0.maximumQueuedRecords = 5
        }
        let sending = Task { try await producer.send((0..<10).map { Events.record($0) }) }
        let waiting = Task { try await producer.send([Events.record(10)]) }
        sending.cancel()
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await sending.value }
        await #expect(throws: CancellationError.self) { try await waiting.value }
        await producer.close()
    }

    @Test("a closed producer refuses records and does not hang")
    func refusesWhenClosed() async throws {
        let cluster = try MockCluster()
        cluster.createTopic("out", partitions: 1)
        let producer = try self.producer(cluster)
        await producer.close()
        await producer.close()
        await #expect(throws: ChurnError.self) { try await producer.send([Events.record(0)]) }
    }
}

@Suite("Kafka topics", .enabled(if: Broker.isPresent, "\(Broker.absent)"), .timeLimit(.minutes(1)))
struct KafkaTopicsTests {
    @Test("a topic is made once, described with its cluster, and deleted once")
    func life() async throws {
        let topics = KafkaTopics(Broker.plain)
        try await Broker.withTopic(partitions: 3) { topic in
            #expect(try await !topics.create(topic, partitions: 3))
            let description = try #require(try await topics.describe(topic))
            #expect(description.logs == [0: 0..<0, 1: 0..<0, 2: 0..<0])
            #expect(!description.stream.cluster.isEmpty)
            #expect(try await topics.delete(topic))
            #expect(try await !topics.delete(topic))
            #expect(try await topics.describe(topic) == nil)
        }
    }
}
