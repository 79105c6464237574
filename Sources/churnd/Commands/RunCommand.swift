import ArgumentParser
import ChurnCore
import ChurnInsight
import ChurnKafka
import ChurnModel
import ChurnServe
import ChurnStore
import Foundation
import Logging
import ServiceLifecycle

/// `churnd run`: events from Kafka, customers and results in PostgreSQL, updates to WebSocket clients.
struct RunCommand: ConfiguredCommand {
    static let about = CommandConfiguration(
        commandName: "run", abstract: "Score events from Kafka into PostgreSQL and serve the updates.",
        discussion: """
            --role process scores only and --role serve serves only; any number of each may run. With --kafka-assign \
            partitions are read from their stored positions, without a group.
            """)

    func run(_ given: ConfigurationFlags) async throws {
        let deployment = try await Deployment.validated(given)
        // Operators send it to have files read again; a process that reads none on it must not end by it.
        signal(SIGHUP, SIG_IGN)
        let role = deployment.configuration[\.role]
        try await Self.requireCurrentTables(deployment)
        let stores = try RunStores(deployment, role: role)
        let (reading, serving) = (stores.reading, stores.serving)
        let hub = role.serves ? deployment.hub(over: reading) : nil
        let queries = role.serves ? deployment.projection(of: reading, reader: serving) : nil
        // A process that only serves may do without; it then scores nothing on request.
        let models = ModelSlot()
        let health = deployment.modelHealth(over: reading, registry: reading, models: models)
        let follower =
            role.processes || deployment.hasModels
            ? try await deployment.modelFollower(of: models, registry: reading) : nil
        // They stop in reverse: first the pipeline, then the server, the hub when no one listens any more, and the stores.
        let watching = stores.watching
        let database = DatabaseWatch(
            look: { try await watching.condition() }, writes: role.processes, health: deployment.health)
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = stores.all.map { .init(service: $0) }
        services.append(.init(service: database))
        services += deployment.fileWatch(serves: role.serves).map { [.init(service: $0)] } ?? []
        services += hub.map { [.init(service: $0)] } ?? []
        services += queries.map { [.init(service: $0)] } ?? []
        let served = queries.map {
            ServerQueries(
                customers: $0, store: serving, models: models, registry: serving, modelHealth: health,
                rescores: serving)
        }
        services += try await Self.servers(deployment, role: role, hub: hub, store: serving, queries: served).map {
            .init(service: $0)
        }
        if let hub {
            services += deployment.caseServices(over: reading, hub: hub).map { .init(service: $0) }
        }
        if role.serves, let webhooks = try deployment.webhooks(over: reading) {
            services.append(.init(service: webhooks))
        }
        services.append(.init(service: health))
        if let follower {
            services.append(.init(service: follower))
            services.append(
                .init(
                    service: ImportanceFollower(
                        store: reading, models: models, domain: deployment.domain, health: deployment.health,
                        logger: deployment.logger)))
        }
        if role.processes {
            services.append(
                .init(
                    service: BackgroundRescorer(
                        store: reading, models: models, domain: deployment.domain, logger: deployment.logger)))
            services += try Self.processing(
                deployment, store: stores.writing, reading: reading, models: models,
                watch: deployment.modelWatch(over: reading), broadcaster: hub ?? NoOpBroadcaster())
        }
        try await deployment.run(services)
        deployment.logger.notice("Stopped")
    }

    /// The server that clients use, if the role has one, and that of health and metrics, if it is apart.
    private static func servers(
        _ deployment: Deployment, role: ProcessRole, hub: UpdateHub?, store: PostgresStore, queries: ServerQueries?
    ) async throws -> [ChurnServer] {
        let logger = deployment.logger
        func announce(_ line: Logger.Message) -> @Sendable (String, Int) async -> Void {
            { host, port in
                logger.notice(
                    line, metadata: ["churn.host": "\(host)", "churn.port": "\(port)", "churn.role": "\(role)"])
            }
        }
        func probes(_ configuration: ServerConfiguration, _ line: Logger.Message) -> ChurnServer {
            ChurnServer(
                probesOnly: configuration, health: deployment.health, metrics: deployment.metrics,
                exporter: deployment.metrics, logger: logger, onListening: announce(line))
        }
        let admin = deployment.adminServer
        guard let hub else { return [probes(try admin ?? deployment.server(), "Listening")] }
        let server = ChurnServer(
            try deployment.server(),
            serving: ServerDependencies(
                hub: hub, customers: store, domain: deployment.domain,
                access: try await deployment.access(keys: store, audit: store), queries: queries,
                cases: CaseDependencies(store: store), health: deployment.health, metrics: deployment.metrics,
                exporter: deployment.metrics),
            logger: logger, onListening: announce("Listening"))
        return [server] + (admin.map { [probes($0, "Listening for health and metrics")] } ?? [])
    }

    private static func processing(
        _ deployment: Deployment, store: PostgresStore, reading: PostgresStore, models: ModelSlot, watch: ModelMonitor,
        broadcaster: any Broadcaster
    ) throws -> [ServiceGroupConfiguration.ServiceConfiguration] {
        let source = deployment.kafkaSource()
        let exports = try KafkaExports(deployment, store: reading)
        let broadcasters = [broadcaster] + exports.broadcasters
        let pipeline = deployment.pipeline(
            from: source, into: store, models: models, broadcaster: MultiplexBroadcaster(broadcasters), observer: watch)
        deployment.logger.notice(
            "Scoring", metadata: ["churn.model": "\(models.lineup?.champion.identity.version ?? "none yet")"])
        return exports.services.map { .init(service: $0) } + [
            .init(service: watch),
            .init(service: KafkaPipeline(pipeline: pipeline, source: source)),
        ]
    }

    /// A missing table is the operator's to fix and ends the start; a database that does not answer is waited for.
    private static func requireCurrentTables(_ deployment: Deployment) async throws {
        do {
            guard try await !deployment.withMigrator({ try await $0.status() }).isCurrent else { return }
        } catch let error where error.failureDisposition == .retry {
            return
        }
        throw ChurnError(
            .migrationNeeded, .fatal, during: "start",
            advice: "the database does not have this version's tables; migrate it first")
    }
}
