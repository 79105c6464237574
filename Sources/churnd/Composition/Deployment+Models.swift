import ChurnCore
import ChurnModel
import ServiceLifecycle
import UnixSignals

extension Deployment {
    /// Whether any model was configured.
    var hasModels: Bool { self.configuration[.model] != nil }

    /// Where models come from.
    func modelOrigin() throws -> any ModelOrigin {
        BundleFolder(path: try self.configuration.required(.model), domain: self.domain)
    }

    /// The models of this moment, for a command that works once.
    func lineup() async throws -> ModelLineup {
        let slot = ModelSlot()
        try await ModelReloader(origin: self.modelOrigin(), slot: slot, logger: self.logger).start()
        return try slot.requireLineup()
    }

    /// Fills a slot with the first models, and returns the service that keeps it current.
    func modelFollower(of slot: ModelSlot) async throws -> ReloadOnHangup {
        let reloader = ModelReloader(
            origin: try self.modelOrigin(), slot: slot, health: self.health, metrics: self.metrics,
            logger: self.logger)
        try await reloader.start()
        return ReloadOnHangup(
            follower: ModelFollower(reloader: reloader, interval: self.configuration[.modelsPoll]))
    }
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
                await cancelWhenGracefulShutdown { for await _ in signals { self.follower.nudge() } }
            }
            try await group.next()
            group.cancelAll()
        }
    }
}
