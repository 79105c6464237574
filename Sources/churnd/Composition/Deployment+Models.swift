import ChurnCore
import ChurnInsight
import ChurnModel
import ChurnStore
import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

extension Deployment {
    /// Whether any model was configured.
    var hasModels: Bool { self.configuration[\.model] != nil || self.followsRegistry }

    private var followsRegistry: Bool { self.configuration[\.modelsSource] == "registry" }

    /// Returns the origin of models.
    ///
    /// - Parameter registry: the registry, where it is followed.
    private func modelOrigin(_ registry: (any ModelRegistry)?) throws -> any ModelOrigin {
        if self.followsRegistry, let registry {
            return RegistryModels(registry: registry, domain: self.domain, metrics: self.metrics)
        }
        return BundleFolder(
            path: try self.configuration.required(\.model), domain: self.domain, metrics: self.metrics)
    }

    /// The models of this moment, for a command that works once.
    func lineup() async throws -> ModelLineup {
        guard self.followsRegistry else { return try await self.lineup(from: nil) }
        return try await self.withStore { try await self.lineup(from: $0) }
    }

    private func lineup(from registry: PostgresStore?) async throws -> ModelLineup {
        let slot = ModelSlot()
        // That a model serves is news of a process that stays; what a command prints names its model.
        var logger = self.logger
        logger.logLevel = max(logger.logLevel, .warning)
        try await ModelReloader(origin: self.modelOrigin(registry), slot: slot, logger: logger).start()
        guard let lineup = slot.lineup else {
            throw ChurnError(
                .modelRefused, .fatal, during: "choose a model",
                advice: "no model of this domain was promoted; see `churnd models promote`")
        }
        return lineup
    }

    /// Fills a slot with the first models, and returns the service that keeps it current.
    func modelFollower(of slot: ModelSlot, registry: any ModelRegistry) async throws -> ReloadOnHangup {
        let reloader = ModelReloader(
            origin: try self.modelOrigin(registry), slot: slot, health: self.health, metrics: self.metrics,
            logger: self.logger)
        do {
            try await reloader.start()
        } catch let error where self.followsRegistry && error.failureDisposition == .retry {
            // The database does not answer yet; the follower asks again.
        }
        return ReloadOnHangup(
            follower: ModelFollower(reloader: reloader, interval: self.configuration[\.modelsPoll]))
    }
}

extension Deployment {
    /// Returns the monitor that counts a pipeline's scores and has a challenger score in the shadow.
    func modelWatch(over records: any ModelRecords) -> ModelMonitor {
        ModelMonitor(
            records: records, domain: self.domain, health: self.health, metrics: self.metrics, logger: self.logger)
    }

    /// The reports on the health of models, which report drift when it begins and when it is over.
    func modelHealth(
        over store: some ModelRecords & DriftLog, registry: (any ModelRegistry)?, models: ModelSlot
    ) -> ModelHealthMonitor {
        let report = ModelHealthReport(
            records: store, registry: registry, models: models, domain: self.domain,
            configuration: self.judgement)
        let watch = DriftWatch(log: store, health: self.health, logger: self.logger)
        return ModelHealthMonitor(
            interval: .seconds(60), health: self.health, metrics: self.metrics, logger: self.logger
        ) {
            let now = Timestamp.now
            var health = try await report.health(at: now)
            try await watch.take(health, at: now)
            health.episodes = try await store.driftEpisodes(since: now.advanced(by: .seconds(-30 * 86_400)))
            return health
        }
    }

    /// The outcomes and scores by which models are judged.
    var judgement: ModelHealthReport.Configuration {
        var judgement = ModelHealthReport.Configuration()
        judgement.days = Int32(clamping: self.configuration[\.outcomesWindow])
        judgement.horizon = .seconds(self.configuration[\.outcomesHorizon] * 86_400)
        judgement.lead = self.configuration[\.outcomesLead]
        return judgement
    }
}

extension Timestamp {
    /// The wall clock.
    static var now: Timestamp { .systemNow() }
}

/// Follows the models' origin, and looks at once on SIGHUP.
struct ReloadOnHangup: Service, CustomStringConvertible {
    let follower: ModelFollower

    var description: String { "ReloadOnHangup" }

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.follower.run() }
            group.addTask {
                await cancelWhenGracefulShutdown { for await _ in signals { self.follower.wake() } }
            }
            try await group.next()
            group.cancelAll()
        }
    }
}
