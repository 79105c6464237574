import ArgumentParser
import ChurnCore
import ChurnInsight
import ChurnMemory
import ChurnModel
import ChurnServe
import Foundation
import Logging
import ServiceLifecycle

/// `churnd demo`: everything in one process, without a server: simulated customers and events, a real model.
struct DemoCommand: ConfiguredCommand {
    static let about = CommandConfiguration(
        commandName: "demo", abstract: "Run everything in one process with simulated customers; needs no server.",
        discussion: "The first run trains a model on the simulated customers and keeps it for later runs.")

    /// Up to this many customers their reasons are summed up before the first event: it takes a second or two.
    private static let mostSummarised = 50_000

    @Option(help: "How many customers.") var customers = 5_000
    @Option(help: "Events a second.") var rate = 20
    @Option(help: "The seed of customers and events.") var seed: UInt64 = 1

    func validate() throws {
        guard self.customers >= 100, self.customers <= 1_000_000, self.rate >= 1, self.rate <= 50_000 else {
            throw ValidationError("--customers must be within 100 and 1000000, --rate within 1 and 50000.")
        }
    }

    func run(_ given: ConfigurationFlags) async throws {
        let deployment = try Deployment(given)
        let domain = deployment.domain
        let population = try CustomerPopulation(domain: domain, seed: self.seed)
        let everyone = population.customers(self.customers)
        let model = try await DemoModel.load(
            at: deployment.configuration[\.model], for: domain, population: population, logger: deployment.logger)
        let models = ModelSlot(ModelLineup(champion: LoadedModel(model)))
        let store = InMemoryStore(domain: domain)
        _ = try await store.importCustomers(everyone.map(\.customer))
        if self.customers <= Self.mostSummarised {
            let profile = ImportanceProfile(directory: store, states: store, domain: domain)
            let now = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
            try await store.replaceImportances(try await profile.run(model, at: now))
        }
        // Nothing is known of a customer before its first score: figures of the few who had an event would mislead.
        let rescorer = CustomerRescorer(
            directory: store, store: store, models: ModelLineup(champion: LoadedModel(model)), domain: domain)
        _ = try await rescorer.run(at: Timestamp.systemNow())
        let log = InMemoryEventLog(partitions: 4, recordsKept: 100_000)
        var configuration = InMemoryEventSource.Configuration()
        configuration.batchSize = deployment.configuration[\.batchSize]
        configuration.linger = deployment.configuration[\.batchLinger]
        let source = InMemoryEventSource(
            log: log, decoder: deployment.decoder, configuration: configuration, health: deployment.health)
        let hub = deployment.hub(over: store)
        let queries = deployment.projection(of: store)
        let watch = deployment.modelWatch(over: store)
        let health = deployment.modelHealth(over: store, registry: nil, models: models)
        let pipeline = deployment.pipeline(
            from: source, into: store, models: models, broadcaster: hub, observer: watch)
        let simulator = try EventSimulator(
            domain: domain, customerIDs: everyone.map(\.customer.id), seed: self.seed)
        let server = ChurnServer(
            try deployment.server(),
            serving: ServerDependencies(
                hub: hub, customers: store, domain: domain, access: .open(audit: store),
                queries: ServerQueries(
                    customers: queries, store: store, models: models, modelHealth: health, rescores: store),
                cases: CaseDependencies(store: store), health: deployment.health, metrics: deployment.metrics,
                exporter: deployment.metrics),
            logger: deployment.logger
        ) { host, port in
            let address = host.contains(":") ? "[\(host)]" : host
            print("Churn is running. Look at http://\(address):\(port)/ and end it with Ctrl-C.")
            fflush(nil)
        }
        let webhooks = try deployment.webhooks(over: store)
        try await deployment.run(
            [.init(service: hub), .init(service: queries), .init(service: server)]
                + (webhooks.map { [.init(service: $0)] } ?? [])
                + deployment.caseServices(over: store, hub: hub).map { .init(service: $0) } + [
                    .init(service: health), .init(service: watch),
                    .init(
                        service: BackgroundRescorer(
                            store: store, models: models, domain: domain, logger: deployment.logger)),
                    .init(service: pipeline),
                    .init(service: SimulatedTraffic(simulator: simulator, log: log, rate: self.rate)),
                ])
    }
}
