public import ChurnCore
public import Logging
public import ServiceLifecycle

/// Keeps the feature importances that are shown those of the model that serves, through promotions and rollbacks.
///
/// What is known of a model from before comes back at once. Of a model that took another's place and of which nothing
/// is known, a small customer base is surveyed; a large one takes its time, which is for a person to choose.
public struct ImportanceFollower: Service, CustomStringConvertible {
    /// The word `ImportanceFollower`: what it holds is not for a log line.
    public var description: String { "ImportanceFollower" }

    /// The most customers that are surveyed unasked; it takes a second or two.
    public static let mostSurveyed = 50_000
    /// Another process, or a summary of another model, may have changed what is shown.
    private static let repetition: Duration = .seconds(60)

    private let store: any ImportanceStore
    private let directory: any CustomerDirectory
    private let states: any FeatureStore
    private let models: ModelSlot
    private let domain: Domain
    private let interval: Duration
    private let health: HealthBoard
    private let logger: Logger

    /// Creates a follower.
    ///
    /// - `store`: keeps importances and has the customers.
    /// - `models`: hold the model that serves.
    /// - `interval`: how often it looks which that is.
    /// - `health`: gets the component `importances`, which is at worst degraded.
    public init(
        store: some ImportanceStore & CustomerDirectory & FeatureStore, models: ModelSlot, domain: Domain,
        interval: Duration = .seconds(1), health: HealthBoard = HealthBoard(), logger: Logger
    ) {
        self.store = store
        self.directory = store
        self.states = store
        self.models = models
        self.domain = domain
        self.interval = interval
        self.health = health
        self.logger = logger
    }

    /// Follows until a graceful shutdown, or until the task is cancelled.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            var shown: ModelIdentity?
            var repeated = ContinuousClock.now
            while (try? await Task.sleep(for: self.interval)) != nil {
                guard let champion = self.models.lineup?.champion else { continue }
                let isOther = shown != champion.identity
                guard isOther || ContinuousClock.now - repeated >= Self.repetition else { continue }
                do {
                    try await self.show(champion, mayBeSummarized: isOther && shown != nil)
                    (shown, repeated) = (champion.identity, .now)
                    self.health.report("importances", .healthy)
                } catch {
                    self.health.report(
                        "importances",
                        .degraded(
                            error, "what matters to the model that serves is not shown", keeps: "scoring goes on"),
                        code: (error as? ChurnError)?.code)
                    // The store is away, or the model went while it was looked at: the next look tries again.
                    self.logger.debug("cannot follow the model that serves", metadata: ["churn.error": "\(error)"])
                }
            }
        }
    }

    private func show(_ champion: LoadedModel, mayBeSummarized: Bool) async throws {
        guard try await !self.store.showImportances(of: champion.identity), mayBeSummarized else { return }
        guard champion.predictor.explainer != nil, try await self.directory.customerCount() <= Self.mostSurveyed else {
            return self.logger.notice(
                "Nothing is known of what matters to the model that serves; compute the summary of its importances",
                metadata: ["churn.model": "\(champion.identity.version)"])
        }
        let profile = ImportanceProfile(directory: self.directory, states: self.states, domain: self.domain)
        try await self.store.replaceImportances(try await profile.run(champion.predictor, at: Timestamp.systemNow()))
    }
}
