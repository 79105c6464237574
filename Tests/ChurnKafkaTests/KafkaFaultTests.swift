import CRdKafka
import ChurnCore
import Testing

@testable import ChurnKafka

@Suite("Kafka source and a cluster that fails", .timeLimit(.minutes(2)))
struct KafkaFaultTests {
    @Test("a position above the log stops its partition only, and goes on once the position is reset")
    func positionAboveLog() async throws {
        let cluster = try MockCluster()
        cluster.createTopic("events", partitions: 2)
        try await Events.produce(
            (0..<20).map { Events.record($0, partition: Int32($0 % 2)) }, to: "events", connection: cluster.connection)
        let positions = StoredPositions([0: 1_000, 1: 4])
        let health = HealthBoard()
        let configuration = KafkaSourceConfiguration.test("events", connection: cluster.connection)
        try await KafkaEventSource.with(configuration, positions: positions, health: health) { source in
            var reading = try await source.read(6)
            #expect(reading.events[1]?.count == 6)
            #expect(reading.events[0] == nil)
            try await eventually { if case .failing = health.all["source"] { true } else { false } }
            guard case .failing(let reason, let advice)? = health.all["source"] else { return }
            #expect(reason.contains("partition 0 stands at offset 1000"))
            #expect(advice == "look at the stored positions, then choose where to go on and reset them")

            positions.begin(epoch: 1)
            positions[1] = 10
            reading = try await source.read(10)
            #expect(reading.ranges[0]?.first?.from == 0)
            #expect(reading.ranges[0]?.first?.partition.stream.epoch == 1)
            #expect(health.all["source"] == .healthy)
        }
    }

    @Test("records that retention destroyed are recorded as a gap, not passed over")
    func positionBelowLog() async throws {
        let cluster = try MockCluster()
        cluster.createTopic("events", partitions: 1)
        // The mock keeps about 5 MB.
        for first in stride(from: 0, to: 80, by: 10) {
            try await Events.produce(
                (first..<first + 10).map { Events.record($0, padding: 100_000) }, to: "events",
                connection: cluster.connection)
        }
        let health = HealthBoard()
        let book = LogBook()
        let configuration = KafkaSourceConfiguration.test("events", connection: cluster.connection)
        try await KafkaEventSource.with(configuration, positions: StoredPositions([0: 3]), health: health, book: book) {
            source in
            let nothing = Task { try await source.batch(within: .seconds(4)) }
            try await eventually { if case .failing = health.all["source"] { true } else { false } }
            guard case .failing(let reason, _)? = health.all["source"] else { return }
            #expect(reason.contains("destroyed unread"))
            #expect(book.all.contains("info records were destroyed before they were read"))
            await #expect(throws: TookTooLong.self) { _ = try await nothing.value }
        }
    }

    @Test("a cluster that goes away is reported and comes back without loss")
    func brokerDownAndUp() async throws {
        let cluster = try MockCluster()
        cluster.createTopic("events", partitions: 1)
        let book = LogBook()
        let health = HealthBoard(logger: book.logger)
        let configuration = KafkaSourceConfiguration.test("events", connection: cluster.connection)
        try await KafkaEventSource.with(configuration, positions: StoredPositions(), health: health, book: book) {
            source in
            try await Events.produce((0..<10).map { Events.record($0) }, to: "events", connection: cluster.connection)
            var reading = try await source.read(10)
            #expect(health.isReady)
            try cluster.setDown()
            try await eventually { health.all["source"].map { !$0.isReady } ?? false }
            guard case .failing(let reason, let advice)? = health.all["source"] else { return }
            #expect(reason.contains("ALL_BROKERS_DOWN"))
            #expect(advice.contains("check the brokers' addresses"))
            #expect(book.all.contains("warning Does not work"))
            #expect(book.all.contains("info Partitions"))
            cluster.setUp()
            try await Events.produce((10..<20).map { Events.record($0) }, to: "events", connection: cluster.connection)
            while reading.eventCount < 20, let batch = try await source.batch() { reading.add(batch) }
            #expect(reading.events[0]?.map(\.position.offset) == Array(0..<20))
            #expect(health.isReady)
            #expect(book.all.contains("notice Working again after"))
        }
    }

    @Test("a cluster that is not there at the start is waited for")
    func brokerDownAtStart() async throws {
        let cluster = try MockCluster()
        cluster.createTopic("events", partitions: 1)
        try await Events.produce([Events.record(0)], to: "events", connection: cluster.connection)
        try cluster.setDown()
        let health = HealthBoard()
        let configuration = KafkaSourceConfiguration.test("events", connection: cluster.connection)
        try await KafkaEventSource.with(configuration, positions: StoredPositions(), health: health) { source in
            try await eventually { if case .failing = health.all["source"] { true } else { false } }
            cluster.setUp()
            let reading = try await source.read(1)
            #expect(reading.eventCount == 1)
        }
    }

    @Test("errors of single fetches cost nothing")
    func fetchErrors() async throws {
        let cluster = try MockCluster(brokers: 3)
        cluster.createTopic("events", partitions: 4)
        let configuration = KafkaSourceConfiguration.test("events", connection: cluster.connection)
        try await KafkaEventSource.with(configuration, positions: StoredPositions()) { source in
            cluster.fail(
                MockCluster.fetch,
                with: [
                    RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
                    RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
                ])
            try await Events.produce((0..<400).map { Events.record($0) }, to: "events", connection: cluster.connection)
            let reading = try await source.read(400)
            #expect(reading.eventCount == 400)
        }
    }

    @Test("a first start behind the newest record is stored before anything is read")
    func latest() async throws {
        let cluster = try MockCluster()
        cluster.createTopic("events", partitions: 1)
        let positions = StoredPositions()
        var configuration = KafkaSourceConfiguration.test("events", connection: cluster.connection)
        configuration.start = .latest
        try await Events.produce((0..<10).map { Events.record($0) }, to: "events", connection: cluster.connection)
        try await KafkaEventSource.with(configuration, positions: positions) { source in
            try await source.waiting { try await eventually { positions[0] == 10 } }
        }
        // What comes while no one reads is not skipped by the next start.
        try await Events.produce([Events.record(10)], to: "events", connection: cluster.connection)
        try await KafkaEventSource.with(configuration, positions: positions) { source in
            let reading = try await source.read(1)
            #expect(reading.ranges[0]?.first?.from == 10)
        }
    }

    @Test("a static member that another process has fenced ends for good")
    func fenced() async throws {
        let cluster = try MockCluster()
        cluster.createTopic("events", partitions: 2)
        try await Events.produce([Events.record(0)], to: "events", connection: cluster.connection)
        let configuration = KafkaSourceConfiguration.test(
            "events", connection: cluster.connection, membership: .group(instance: "churn-1"))
        let health = HealthBoard()
        try await KafkaEventSource.with(configuration, positions: StoredPositions(), health: health) { source in
            _ = try await source.read(1)
            cluster.fail(
                MockCluster.heartbeat, with: Array(repeating: RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID, count: 3))
            for _ in 0..<2 {
                do {
                    _ = try await source.batch()
                    Issue.record("the source did not fail")
                } catch let error as ChurnError {
                    #expect(error.disposition == .fatal)
                    #expect(error.advice.contains("group.instance.id"))
                }
            }
            #expect(!health.isReady)
        }
    }

    @Test("no secret shows in a description, a dump, an error or a log")
    func secrets() async throws {
        let canary = "s3cret-canary"
        let cluster = try MockCluster()
        let connection = KafkaConnection(
            brokers: cluster.addresses,
            settings: [
                "security.protocol": "sasl_plaintext", "sasl.mechanism": "PLAIN", "sasl.username": "churn",
                "sasl.password": canary, "debug": "all",
            ],
            secrets: ["ssl.key.password": Secret(canary)])
        var seen = "\(connection) \(String(reflecting: connection))"
        dump(connection, to: &seen)
        let book = LogBook()
        let health = HealthBoard()
        let configuration = KafkaSourceConfiguration.test("events", connection: connection)
        dump(configuration, to: &seen)
        try await KafkaEventSource.with(configuration, positions: StoredPositions(), health: health, book: book) {
            source in
            do {
                _ = try await source.batch(within: .seconds(5), retrying: false)
            } catch {
                seen += String(reflecting: error)
            }
        }
        #expect(book.all.contains("librdkafka"))
        #expect(!(seen + book.all + "\(health.all)").contains(canary))
    }

    @Test(
        "settings that librdkafka refuses, or on which delivery rests, end the start",
        arguments: [
            ["no.such.setting": "1"], ["session.timeout.ms": "s3cret-canary"], ["enable.auto.commit": "true"],
            ["auto.offset.reset": "latest"], ["sasl.mechanism": "SCRAM-SHA-512", "sasl.password": "s3cret-canary"],
        ])
    func refusedSettings(_ settings: [String: String]) async throws {
        let connection = KafkaConnection(brokers: "127.0.0.1:1", settings: settings)
        let source = KafkaEventSource(
            .test("events", connection: connection), decoder: EventDecoder(domain: .telco), health: HealthBoard(),
            logger: LogBook().logger)
        do {
            try await source.start(positions: StoredPositions())
            Issue.record("the settings were accepted")
        } catch let error as ChurnError {
            #expect(error.disposition == .fatal)
            #expect(error.code == .invalidConfiguration)
            #expect(!String(reflecting: error).contains("s3cret-canary"))
        }
    }

    @Test("brokers elsewhere are reached through TLS unless plain text is spelled out")
    func security() {
        let remote = KafkaConnection(brokers: "kafka.example:9092")
        let local = KafkaConnection(brokers: "localhost:9092, 127.0.0.1:9093,[::1]:9094")
        let authenticated = KafkaConnection(brokers: "kafka.example:9092", settings: ["sasl.mechanism": "PLAIN"])
        let spelledOut = KafkaConnection(brokers: "kafka.example:9092", settings: ["security.protocol": "plaintext"])
        #expect(remote.securityProtocol == "ssl")
        #expect(local.securityProtocol == "plaintext")
        #expect(authenticated.securityProtocol == "sasl_ssl")
        #expect(spelledOut.securityProtocol == "plaintext")
    }
}
