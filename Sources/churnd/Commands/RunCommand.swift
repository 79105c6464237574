import ArgumentParser
import ChurnCore
import ChurnKafka
import ChurnModel
import ChurnServe
import ChurnStore
import Logging
import ServiceLifecycle

/// `churnd run`: events from Kafka, customers and results in PostgreSQL, updates to WebSocket clients.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Score events from Kafka into PostgreSQL and serve the updates.",
        discussion: """
            --role process scores only and --role serve serves only; any number of each may run. With --kafka-assign \
            partitions are read from their stored positions, without a group.
            """)

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let deployment = try Deployment(self.options.given)
        let role = deployment.configuration[.role]
        let store = try deployment.store()
        try await Self.requireCurrentTables(deployment)
        let hub = role.serves ? deployment.hub(over: store) : nil
        // They stop in reverse: first the pipeline, then the server, and the hub when nobody listens any more.
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = hub.map { [.init(service: $0)] } ?? []
        services.append(.init(service: Self.server(deployment, role: role, hub: hub, store: store)))
        if role.serves, let webhooks = try deployment.webhooks(over: store) {
            services.append(.init(service: webhooks))
        }
        if role.processes {
            services += try await Self.processing(deployment, store: store, telling: hub ?? SilentBroadcaster())
        }
        do {
            try await deployment.run(services)
        } catch {
            await store.close()
            throw error
        }
        await store.close()
        deployment.logger.notice("Stopped")
    }

    private static func server(
        _ deployment: Deployment, role: ProcessRole, hub: UpdateHub?, store: PostgresStore
    ) -> ChurnServer {
        let logger = deployment.logger
        let announce: @Sendable (String, Int) async -> Void = { host, port in
            logger.notice(
                "Listening", metadata: ["churn.host": "\(host)", "churn.port": "\(port)", "churn.role": "\(role)"])
        }
        guard let hub else {
            return ChurnServer(
                probesOnly: deployment.server, health: deployment.health, metrics: deployment.metrics, logger: logger,
                onListening: announce)
        }
        return ChurnServer(
            configuration: deployment.server, hub: hub, customers: store, domain: deployment.domain,
            alerts: AlertDesk(store: store), health: deployment.health, metrics: deployment.metrics, logger: logger,
            onListening: announce)
    }

    private static func processing(
        _ deployment: Deployment, store: PostgresStore, telling broadcaster: any Broadcaster
    ) async throws -> [ServiceGroupConfiguration.ServiceConfiguration] {
        let predictor = try await deployment.predictor()
        let source = deployment.kafkaSource()
        let exports = try KafkaExports(deployment, store: store)
        let tellers = [broadcaster] + exports.broadcasters
        let pipeline = deployment.pipeline(
            from: source, into: store, predictor: predictor, telling: SeveralBroadcasters(tellers))
        deployment.logger.notice("Scoring", metadata: ["churn.model": "\(predictor.model.version)"])
        return exports.services.map { .init(service: $0) } + [
            .init(service: KafkaPipeline(pipeline: pipeline, source: source))
        ]
    }

    /// A missing table is the operator's to mend and ends the start; a database that does not answer is waited for.
    private static func requireCurrentTables(_ deployment: Deployment) async throws {
        let migrator = try Migrator(deployment.postgres(), domain: deployment.domain, logger: deployment.logger)
        do {
            let status = try await migrator.status()
            await migrator.close()
            guard !status.isCurrent else { return }
        } catch let error where error.failureDisposition == .retry {
            await migrator.close()
            return
        }
        throw ChurnError(
            .schemaMismatch, .fatal, during: "start",
            advice: "the database does not have this version's tables; run `churnd migrate` first")
    }
}
