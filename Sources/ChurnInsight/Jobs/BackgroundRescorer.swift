public import ChurnCore
public import Logging
public import ServiceLifecycle

/// Works on runs that score everyone again, beside the pipeline, and takes them up again after a restart.
///
/// Of several processes one works on a run. Half of the time it waits, so that events have the database too.
public struct BackgroundRescorer: Service, CustomStringConvertible {
    /// The word `BackgroundRescorer`: what it holds is no one's log line.
    public var description: String { "BackgroundRescorer" }

    /// The time after which another process takes over from one that died.
    static let lease = Duration.seconds(60)
    /// The time that processes have to follow a promotion; a run of a model that does not serve then ends.
    static let patience = Duration.seconds(600)

    private let log: any RescoreLog
    private let directory: any CustomerDirectory
    private let store: any TransactionalStore
    private let models: ModelSlot
    private let domain: Domain
    private let interval: Duration
    private let pageSize: Int
    private let now: @Sendable () -> Timestamp
    private let logger: Logger

    /// Creates a rescorer.
    ///
    /// - `store`: keeps runs and has the customers.
    /// - `models`: hold the model that serves.
    /// - `interval`: how often it looks for a run.
    /// - `now`: the wall clock; nil for the system's.
    public init(
        store: some RescoreLog & CustomerDirectory & TransactionalStore, models: ModelSlot, domain: Domain,
        interval: Duration = .seconds(5), pageSize: Int = 1_000, now: (@Sendable () -> Timestamp)? = nil,
        logger: Logger
    ) {
        self.log = store
        self.directory = store
        self.store = store
        self.models = models
        self.domain = domain
        self.interval = interval
        self.pageSize = pageSize
        self.now = now ?? Timestamp.systemNow
        self.logger = logger
    }

    /// Works until a graceful shutdown, or until the task is cancelled.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            repeat {
                do {
                    try await self.work()
                } catch {
                    // The store is away, or another run is under way: what is left is taken up again.
                    self.logger.debug("Scoring everyone waits", metadata: ["churn.stage": "rescore"])
                }
            } while (try? await Task.sleep(for: self.interval)) != nil
        }
    }

    /// Works on the run that is under way, if there is one.
    func work() async throws {
        guard let lineup = self.models.lineup,
            var run = try await self.log.claimRescore(at: self.now(), lease: Self.lease)
        else { return }
        guard run.version == lineup.champion.identity.version else {
            guard self.now() >= run.requested.advanced(by: Self.patience) else {
                // Another process may follow the promotion already.
                _ = try await self.log.recordRescore(run, at: self.now(), lease: .zero)
                return
            }
            return try await self.end(&run, "another model serves")
        }
        let known = run
        let progress = Locked(run)
        let isStopped = StopFlag()
        let rescorer = CustomerRescorer(
            directory: self.directory, store: self.store, models: lineup, domain: self.domain, pageSize: self.pageSize)
        let clock = ContinuousClock()
        let began = Locked(clock.now)
        try await rescorer.run(at: self.now(), after: known.lastID) { lastID, count in
            let state = progress.withLock { run in
                run.done += count
                run.lastID = lastID
                return run
            }
            let isWanted = try await self.log.recordRescore(state, at: self.now(), lease: Self.lease)
            guard isWanted, self.models.lineup?.champion.identity == lineup.champion.identity else {
                isStopped.set()
                return false
            }
            try await Task.sleep(for: min(began.withLock { clock.now - $0 }, .seconds(1)))
            began.withLock { $0 = clock.now }
            return true
        }
        run = progress.withLock { $0 }
        try await self.end(&run, isStopped.isSet ? "another model serves" : nil)
    }

    private func end(_ run: inout RescoreRun, _ reason: String?) async throws {
        run.ended = self.now()
        run.reason = reason
        guard try await self.log.recordRescore(run, at: self.now(), lease: .zero) else { return }
        self.logger.notice(
            reason == nil ? "Every customer has a score of the model that serves" : "Scoring everyone has ended",
            metadata: [
                "churn.model": "\(run.version)", "churn.customers": "\(run.done)",
                "churn.reason": "\(reason ?? "done")",
            ])
    }
}
