import Logging
import Metrics
import ServiceLifecycle

/// The line from events to durable scores: pull, decode, enrich, fold, predict, decide alerts, write, publish, commit.
///
/// While one batch is being written, the next is prepared against what the first will leave behind. Every event counts
/// once, because progress, results and updates share the sink's transaction; see ``PredictionSink/write(_:)``.
///
/// `run()` returns when the source ends or on a graceful shutdown, after the batch in flight is durable. It throws only
/// what neither repeating nor setting a record aside can mend.
public struct Pipeline: Service, CustomStringConvertible {
    /// The word `Pipeline`: what it is made of is nobody's log line.
    public var description: String { "Pipeline" }

    private let source: any EventSource
    private let sink: any PredictionSink
    private let preparer: BatchPreparer
    private let committer: BatchCommitter
    private let retry: InfrastructureRetry
    private let overlapThreshold: Int

    /// Creates a pipeline over a transactional store, with event effects, alert memory and deduplication.
    ///
    /// - Parameters:
    ///   - source: where events come from.
    ///   - store: where customers, scores and progress live.
    ///   - predictor: makes the scores.
    ///   - broadcaster: is told what was written.
    ///   - domain: the customer base.
    ///   - configuration: how to work.
    ///   - health: where the pipeline reports how it does.
    ///   - clock: measures the waits between attempts; tests pass one of their own.
    ///   - failpoints: what happens at named places; tests only.
    ///   - metrics: makes the instruments.
    ///   - logger: for what callers cannot see.
    public init(
        source: any EventSource, store: any TransactionalStore, predictor: any Predictor,
        broadcaster: any Broadcaster, domain: Domain, configuration: PipelineConfiguration = .init(),
        health: HealthBoard = HealthBoard(), clock: any Clock<Duration> = ContinuousClock(),
        failpoints: Failpoints = .none, metrics: any MetricsFactory = MetricsSystem.factory,
        logger: Logger = Logger(label: "churn.pipeline")
    ) {
        self.init(
            source: source, storage: .transactional(store), predictor: predictor, broadcaster: broadcaster,
            domain: domain, configuration: configuration, health: health, clock: clock, failpoints: failpoints,
            metrics: metrics, logger: logger)
    }

    /// Creates a pipeline over a feature store and a sink that know nothing of each other.
    ///
    /// Events have no effects, alerts have no memory and nothing is deduplicated: those need a ``TransactionalStore``.
    public init(
        source: any EventSource, features: any FeatureStore, sink: any PredictionSink, predictor: any Predictor,
        broadcaster: any Broadcaster, domain: Domain, configuration: PipelineConfiguration = .init(),
        health: HealthBoard = HealthBoard(), clock: any Clock<Duration> = ContinuousClock(),
        failpoints: Failpoints = .none, metrics: any MetricsFactory = MetricsSystem.factory,
        logger: Logger = Logger(label: "churn.pipeline")
    ) {
        var configuration = configuration
        configuration.appliesEffects = false
        self.init(
            source: source, storage: .separate(features, sink), predictor: predictor, broadcaster: broadcaster,
            domain: domain, configuration: configuration, health: health, clock: clock, failpoints: failpoints,
            metrics: metrics, logger: logger)
    }

    private init(
        source: any EventSource, storage: PipelineStorage, predictor: any Predictor, broadcaster: any Broadcaster,
        domain: Domain, configuration: PipelineConfiguration, health: HealthBoard, clock: any Clock<Duration>,
        failpoints: Failpoints, metrics factory: any MetricsFactory, logger: Logger
    ) {
        let metrics = PipelineMetrics(factory: factory)
        self.source = source
        self.sink = storage.sink
        self.overlapThreshold = configuration.overlapThreshold
        self.retry = InfrastructureRetry(
            backoff: configuration.backoff, clock: clock, health: health, healthName: configuration.healthName,
            metrics: metrics, logger: logger, stopping: StopFlag())
        self.preparer = BatchPreparer(
            storage: storage, scorer: BatchScorer(domain: domain, predictor: predictor, configuration: configuration),
            metrics: metrics)
        self.committer = BatchCommitter(
            storage: storage, preparer: self.preparer, broadcaster: broadcaster, source: source, retry: self.retry,
            metrics: metrics, failpoints: failpoints)
    }

    /// Works until the source ends, the task is cancelled or a graceful shutdown begins.
    public func run() async throws {
        let interrupts = Interrupts()
        try await withGracefulShutdownHandler {
            self.retry.health.report(self.retry.healthName, .starting)
            defer { self.retry.clear() }
            do {
                try await self.retry.run(.pull) { try await self.source.start(positions: self.sink) }
                self.retry.health.report(self.retry.healthName, .healthy)
                try await self.work(interrupts)
            } catch is CancellationError where self.retry.stopping.isSet {
                // A graceful stop during a failing call: nothing of it was written, so it will be delivered again.
            }
        } onGracefulShutdown: {
            self.retry.stopping.set()
            interrupts.interrupt()
        }
    }

    private enum Step: Sendable {
        case pulled(EventBatch?)
        case wrote(CommitResult)
    }

    /// One loop owns all that changes; its children are at most one pull and one write.
    private func work(_ interrupts: Interrupts) async throws {
        try await withThrowingTaskGroup(of: Step.self) { group in
            var flow = PipelineFlow(overlapThreshold: self.overlapThreshold)
            while true {
                if flow.wantsPull {
                    let signal = interrupts.arm()
                    if !self.retry.stopping.isSet {
                        flow.isPulling = true
                        group.addTask { .pulled(try await self.pull(signal)) }
                    }
                }
                if flow.wantsPreparation, let events = flow.waiting { try await self.prepare(events, &flow) }
                if let (events, prepared) = flow.takeForWriting() {
                    group.addTask { .wrote(try await self.committer.commit(events, prepared: prepared)) }
                    continue
                }
                guard flow.isPulling || flow.isWriting else { return }
                switch try await group.next() {
                case .pulled(let batch): flow.pulled(batch, isStopping: self.retry.stopping.isSet)
                case .wrote(let result): try await self.wrote(result, &flow, &group, interrupts)
                case nil: return
                }
            }
        }
    }

    private func prepare(_ events: EventBatch, _ flow: inout PipelineFlow) async throws {
        let (overlay, chains) = (flow.overlay, flow.chains)
        do {
            flow.preparation = .prepared(
                try await self.retry.run(.read) {
                    try await self.preparer.prepare(events, overlay: overlay, chains: chains)
                })
        } catch let error where error.failureDisposition == .reject {
            flow.preparation = .refused
        }
    }

    private func wrote(
        _ result: CommitResult, _ flow: inout PipelineFlow, _ group: inout ThrowingTaskGroup<Step, any Error>,
        _ interrupts: Interrupts
    ) async throws {
        flow.wrote(result)
        guard !result.restarts.isEmpty else { return }
        // The source must not be asked for a batch and told to go back at the same time.
        if flow.isPulling {
            interrupts.interrupt()
            if case .pulled(let batch) = try await group.next() {
                flow.pulled(batch, isStopping: self.retry.stopping.isSet, isInterrupted: true)
            }
        }
        flow.drop(result.restarts)
        try await self.retry.run(.pull) { try await self.source.restart(result.restarts) }
    }

    /// Waits for the next batch; nil when the source has ended or the wait was interrupted.
    private func pull(_ signal: AsyncStream<Void>) async throws -> EventBatch? {
        try await Interrupts.race(signal) {
            try await self.retry.run(.pull) {
                do {
                    return try await self.source.nextBatch()
                } catch is CancellationError {
                    return nil
                }
            }
        }
    }
}
