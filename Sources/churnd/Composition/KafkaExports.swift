import ChurnCore
import ChurnKafka
import ChurnStore
import Foundation
import Logging
import ServiceLifecycle

/// The topics that updates and dead letters are copied to, as far as they are configured.
struct KafkaExports {
    private(set) var services: [any Service] = []
    private(set) var broadcasters: [any Broadcaster] = []

    init(_ deployment: Deployment, store: PostgresStore) throws {
        if let topic = deployment.configuration[\.kafkaUpdatesTopic] {
            let producer = try Self.producer(deployment, topic)
            let name = "updates to \(topic)"
            let exporter = KafkaUpdateExporter(
                log: store, producer: producer,
                progress: ExportProgress(
                    lease: Self.lease(name, store),
                    load: { try await store.exportPosition(name).map { try UpdateCursor(stored: $0) } },
                    move: { try await store.moveExport(name, from: $0?.text, to: $1.text) }),
                health: deployment.health, logger: deployment.logger)
            self.services.append(ExportService(producer: producer) { try await exporter.run() })
            self.broadcasters.append(exporter)
        }
        if let topic = deployment.configuration[\.kafkaDeadLetterTopic] {
            let producer = try Self.producer(deployment, topic)
            let name = "dead letters to \(topic)"
            let forwarder = DeadLetterForwarder(
                store: store, producer: producer,
                progress: ExportProgress(
                    lease: Self.lease(name, store),
                    load: { try await store.exportPosition(name).map(Self.number) },
                    move: { try await store.moveExport(name, from: $0.map(String.init), to: String($1)) }),
                now: Timestamp.systemNow, health: deployment.health, logger: deployment.logger)
            self.services.append(ExportService(producer: producer) { try await forwarder.run() })
        }
    }

    /// The lease of this process, which has a name of its own for each export.
    private static func lease(_ export: String, _ store: PostgresStore) -> ExportLease {
        let holder = UUID().uuidString
        return ExportLease(
            claim: { try await store.claimExport(export, holder: holder, for: $0) },
            release: { try await store.releaseExport(export, holder: holder) })
    }

    private static func number(_ text: String) throws -> Int64 {
        guard let number = Int64(text) else {
            throw ChurnError(
                .stateUnreadable, .retry, during: "read an export's progress",
                advice: "What is stored is no number of a dead letter: restore it, or delete it to export all again.")
        }
        return number
    }

    static func producer(_ deployment: Deployment, _ topic: String) throws -> KafkaProducer {
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
