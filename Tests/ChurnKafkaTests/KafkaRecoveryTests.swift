import CRdKafka
import ChurnCore
import ChurnMemory
import ChurnTesting
import Testing

@testable import ChurnKafka

/// A source's reports of itself after a fault is over, without a record that would show it.
@Suite("Kafka source that recovers", .timeLimit(.minutes(2)))
struct KafkaRecoveryTests {
    /// Runs a test beside a pipeline from a source into a store in memory.
    private func withPipeline(
        _ configuration: KafkaSourceConfiguration, health: HealthBoard, _ body: () async throws -> Void
    ) async throws {
        let store = InMemoryStore(domain: .telco)
        let source = KafkaEventSource(
            configuration, decoder: EventDecoder(domain: .telco), health: health, logger: LogBook().logger)
        let pipeline = Pipeline(
            source: source, store: store, models: ModelSlot(DigestPredictor(domain: .telco)),
            broadcaster: InMemoryBroadcaster(), domain: .telco,
            environment: Pipeline.Environment(health: health, logger: LogBook().logger))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await pipeline.run() }
            do { try await body() } catch {
                await source.close()
                throw error
            }
            await source.close()
            try await group.waitForAll()
        }
    }

    @Test("an outage on an idle topic ends readiness, and its end brings it back")
    func outage() async throws {
        let cluster = try MockCluster()
        cluster.createTopic("events", partitions: 2)
        let health = HealthBoard()
        let configuration = KafkaSourceConfiguration.test("events", connection: cluster.connection)
        try await self.withPipeline(configuration, health: health) {
            try await eventually { health.all["source"] == .healthy && health.isReady }
            try cluster.setDown()
            try await eventually { !health.isReady }
            // Longer than the first pause of whoever repeats a call.
            try await Task.sleep(for: .seconds(1))
            cluster.setUp()
            try await eventually { health.isReady }
        }
    }

    @Test(
        "a topic that is made after the start is well without a record",
        .enabled(if: Broker.isPresent, "\(Broker.absent)"),
        arguments: [.assigned(), .group()] as [KafkaSourceConfiguration.Membership])
    func lateTopic(_ membership: KafkaSourceConfiguration.Membership) async throws {
        try await Broker.withTopic(partitions: 1) { other in
            let topic = "\(other)-late"
            var configuration = KafkaSourceConfiguration.test(topic, membership: membership)
            configuration.metadataRefresh = .seconds(1)
            let health = HealthBoard()
            try await self.withPipeline(configuration, health: health) {
                try await eventually {
                    if case .failing(_, let advice)? = health.all["source"] {
                        advice.contains("create it")
                    } else {
                        false
                    }
                }
                try await KafkaTopics(Broker.plain).create(topic, partitions: 2)
                try await eventually(within: .seconds(30)) { health.all["source"] == .healthy && health.isReady }
            }
            _ = try? await KafkaTopics(Broker.plain).delete(topic)
        }
    }

    @Test("each fault is taken back by what ends it, and by nothing less")
    func conditions() {
        let down = KafkaFault(RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
        let missing = KafkaFault(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
        let refused = KafkaFault(RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED)
        let steps: [(note: (inout SourceCondition) -> Void, end: (inout SourceCondition) -> Void, isOver: Bool)] = [
            ({ $0.note(down) }, { $0.noteConnection() }, true),
            ({ $0.note(down) }, { $0.noteProgress() }, true),
            ({ $0.note(missing) }, { $0.noteConnection() }, false),
            ({ $0.note(missing) }, { $0.noteTopic(nil) }, true),
            ({ $0.noteTopic(missing) }, { $0.noteTopic(nil) }, true),
            ({ $0.noteTopic(missing) }, { $0.noteConnection() }, false),
            ({ $0.noteTopic(missing) }, { $0.noteAssignment() }, false),
            ({ $0.note(refused) }, { $0.noteConnection() }, false),
            ({ $0.note(refused) }, { $0.noteTopic(nil) }, false),
            ({ $0.note(refused) }, { $0.noteAssignment() }, true),
            ({ $0.stopped = [3: "x"] }, { $0.noteProgress() }, false),
        ]
        for (number, step) in steps.enumerated() {
            var condition = SourceCondition(hasStarted: true)
            #expect(condition.health == .healthy)
            step.note(&condition)
            #expect(!condition.health.isReady)
            step.end(&condition)
            #expect(condition.health.isReady == step.isOver, "step \(number)")
        }
    }
}
