import ChurnCore
import ChurnKafka
import ChurnStore
import Logging
import ServiceLifecycle

/// The topics that updates and dead letters are copied to, as far as they are configured.
struct KafkaExports {
    private(set) var services: [any Service] = []
    private(set) var broadcasters: [any Broadcaster] = []

    init(_ deployment: Deployment, store: PostgresStore) throws {
        if let topic = deployment.configuration[.kafkaUpdatesTopic] {
            let producer = try Self.producer(deployment, topic)
            let name = "updates to \(topic)"
            let exporter = KafkaUpdateExporter(
                log: store, producer: producer,
                progress: ExportProgress(
                    load: { try await store.exportPosition(name).flatMap { UpdateCursor(text: $0) } },
                    save: { try await store.saveExportPosition(name, $0.text) }),
                health: deployment.health, logger: deployment.logger)
            self.services.append(ExportService(producer: producer) { try await exporter.run() })
            self.broadcasters.append(exporter)
        }
        if let topic = deployment.configuration[.kafkaDeadLetterTopic] {
            let producer = try Self.producer(deployment, topic)
            let name = "dead letters to \(topic)"
            let forwarder = DeadLetterForwarder(
                store: store, producer: producer,
                progress: ExportProgress(
                    load: { try await store.exportPosition(name).flatMap { Int64($0) } },
                    save: { try await store.saveExportPosition(name, String($0)) }),
                now: Timestamp.systemNow, health: deployment.health, logger: deployment.logger)
            self.services.append(ExportService(producer: producer) { try await forwarder.run() })
        }
    }

    private static func producer(_ deployment: Deployment, _ topic: String) throws -> KafkaProducer {
        try KafkaProducer(
            KafkaProducer.Configuration(connection: deployment.kafka(), topic: topic), logger: deployment.logger)
    }
}

/// An export that ends with the service group, and its producer with it.
private struct ExportService: Service, CustomStringConvertible {
    let producer: KafkaProducer
    let export: @Sendable () async throws -> Void

    init(producer: KafkaProducer, export: @escaping @Sendable () async throws -> Void) {
        self.producer = producer
        self.export = export
    }

    var description: String { "Export" }

    func run() async throws {
        try await closing({ _ in try await self.untilTheGroupStops() }, with: self.producer) {
            await self.producer.close()
        }
    }

    private func untilTheGroupStops() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await self.export() }
        } catch is CancellationError {}
    }
}
