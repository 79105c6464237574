import ChurnCore
import ChurnKafka
import Foundation
import Logging

/// The broker that the integration tests use.
enum Broker {
    static let address = ProcessInfo.processInfo.environment["CHURN_TEST_KAFKA_BROKERS"] ?? ""
    static var isPresent: Bool { !Self.address.isEmpty }
    static let absent = "CHURN_TEST_KAFKA_BROKERS is not set; start a broker with Scripts/kafka-broker.sh start 0"

    /// Joins take half the session's timeout on the test broker, so it is short.
    static var connection: KafkaConnection {
        KafkaConnection(
            brokers: Self.address, settings: ["session.timeout.ms": "6000", "heartbeat.interval.ms": "300"])
    }

    /// Settings of a consumer mean nothing to other clients, which would say so.
    static var plain: KafkaConnection { KafkaConnection(brokers: Self.address) }

    /// Runs a test with a topic of its own, which is deleted afterwards.
    static func withTopic(
        partitions: Int32, _ body: (String) async throws -> Void
    ) async throws {
        let name = "churn-test-\(UUID().uuidString.prefix(8))"
        let topics = KafkaTopics(Self.plain)
        try await topics.create(name, partitions: partitions)
        do {
            try await body(name)
        } catch {
            _ = try? await topics.delete(name)
            throw error
        }
        try await topics.delete(name)
    }
}

extension KafkaSourceConfiguration {
    /// A source on a topic of its own, all partitions without a group.
    static func test(
        _ topic: String, connection: KafkaConnection = Broker.connection, membership: Membership = .assigned()
    ) -> KafkaSourceConfiguration {
        var configuration = KafkaSourceConfiguration(connection: connection, topic: topic, group: "group-\(topic)")
        configuration.membership = membership
        configuration.closeTimeout = .seconds(3)
        return configuration
    }
}

/// A logger that keeps what it was given.
final class LogBook: LogHandler, @unchecked Sendable {
    // The lock below guards the text; the rest is never written.
    private let lock = NSLock()
    private var text = ""
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }

    subscript(metadataKey _: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        if ProcessInfo.processInfo.environment["CHURN_TEST_LOG"] != nil {
            print("\(event.level) \(event.message) \(event.metadata ?? [:])")
        }
        self.lock.withLock { self.text += "\(event.level) \(event.message) \(event.metadata ?? [:])\n" }
    }

    var all: String { self.lock.withLock { self.text } }
    var logger: Logger { Logger(label: "test") { _ in self } }
}
