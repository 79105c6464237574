import ChurnCore
import ChurnKafka
import ChurnTesting
import Testing

@Suite("The Kafka source")
struct KafkaContractTests {
    @Test("keeps the contract of an event source", arguments: EventSourceContract.checks)
    func contract(_ check: EventSourceContract.Check) async {
        await check.verify { use in
            let cluster = try MockCluster()
            cluster.createTopic("events", partitions: 2)
            var output = KafkaProducer.Configuration(connection: cluster.connection, topic: "events")
            output.linger = .zero
            let producer = try KafkaProducer(output, logger: LogBook().logger)
            var configuration = KafkaSourceConfiguration.test("events", connection: cluster.connection)
            configuration.clusterID = "mock"
            let (source, ends) = (configuration, Locked<[Int32: Int64]>([:]))
            try await use(
                EventSourceUnderTest(
                    stream: StreamName(cluster: "mock", topic: "events"), partitions: [0, 1], domain: .telco,
                    withSource: { use in
                        let made = KafkaEventSource(
                            source, decoder: EventDecoder(domain: .telco), health: HealthBoard(),
                            logger: LogBook().logger)
                        do { try await use(made) } catch {
                            await made.close()
                            throw error
                        }
                        await made.close()
                    },
                    append: { partition, key, value in
                        // A check that cancels its wait may not cancel what it appends beside it.
                        let record = OutgoingRecord(key: key, value: value, partition: partition)
                        try await Task { try await producer.send([record]) }.value
                        return ends.withLock { ends in
                            defer { ends[partition, default: 0] += 1 }
                            return ends[partition, default: 0]
                        }
                    }))
            await producer.close()
        }
    }
}
