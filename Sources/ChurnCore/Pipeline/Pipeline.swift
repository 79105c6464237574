import Logging
import Metrics
public import ServiceLifecycle

/// The line from events to durable scores: pull, decode, enrich, fold, predict, decide alerts, write, publish, commit.
///
/// While one batch is being written, the next is prepared against what the first will leave behind. Every event counts
/// once, because progress, results and updates share the sink's transaction; see ``PredictionSink/write(_:)``.
///
/// `run()` returns when the source ends or on a graceful shutdown, after the batch in flight is durable. It throws only
/// what neither repeating nor setting a record aside can fix.
public struct Pipeline: Service, CustomStringConvertible {
    /// The word `Pipeline`: what it is made of is no one's log line.
    public var description: String { "Pipeline" }

    private let source: any EventSource
    private let sink: any PredictionSink
    private let preparer: BatchPreparer
    private let committer: BatchCommitter
    private let turns: WriteTurns
    private let retry: InfrastructureRetry
    private let models: ModelSlot
    private let overlapThreshold: Int
    private let memory: PipelineMemory

    /// Creates a pipeline over a transactional store, with event effects, alert memory and deduplication.
    ///
    /// - Parameters:
    ///   - source: where events come from.
    ///   - store: where customers, scores and progress live.
    ///   - models: hold the model that makes the scores; each batch takes its own when it comes from the source.
    ///   - broadcaster: is notified of what was written.
    ///   - domain: the customer base.
    ///   - configuration: how to work.
    ///   - environment: what it reports to, and its clock.
    public init(
        source: any EventSource, store: any TransactionalStore, models: ModelSlot,
        broadcaster: any Broadcaster, domain: Domain, configuration: PipelineConfiguration = .init(),
        environment: Environment = .init()
    ) {
        self.init(
            source: source, storage: .transactional(store), models: models, broadcaster: broadcaster,
            domain: domain, configuration: configuration, environment: environment)
    }

    /// Creates a pipeline over a feature store and a sink that know nothing of each other.
    ///
    /// Events have no effects, alerts have no memory and nothing is deduplicated: those need a ``TransactionalStore``.
    public init(
        source: any EventSource, features: any FeatureStore, sink: any PredictionSink, models: ModelSlot,
        broadcaster: any Broadcaster, domain: Domain, configuration: PipelineConfiguration = .init(),
        environment: Environment = .init()
    ) {
        var configuration = configuration
        configuration.appliesEffects = false
        self.init(
            source: source, storage: .separate(features, sink), models: models, broadcaster: broadcaster,
            domain: domain, configuration: configuration, environment: environment)
    }

    private init(
        source: any EventSource, storage: PipelineStorage, models: ModelSlot, broadcaster: any Broadcaster,
        domain: Domain, configuration: PipelineConfiguration, environment: Environment
    ) {
        let metrics = PipelineMetrics(factory: environment.metrics)
        self.source = source
        self.sink = storage.sink
        self.models = models
        self.overlapThreshold = configuration.overlapThreshold
        // Where producers update the customers themselves, what was written is out of date by the next event.
        self.memory = PipelineMemory(capacity: configuration.appliesEffects ? configuration.rememberedCustomers : 0)
        self.retry = InfrastructureRetry(
            backoff: configuration.backoff, clock: environment.clock, health: environment.health,
            healthName: configuration.healthName, metrics: metrics, logger: environment.logger, stopping: StopFlag())
        self.turns = WriteTurns(storage: storage, retry: self.retry)
        self.preparer = BatchPreparer(
            storage: storage,
            scorer: BatchScorer(
                domain: domain, configuration: configuration, isObserved: environment.observer != nil,
                metrics: metrics),
            brake: UnknownCustomerBrake(limit: configuration.unknownCustomerLimit),
            metrics: metrics)
        self.committer = BatchCommitter(
            storage: storage, preparer: self.preparer, broadcaster: broadcaster, source: source, retry: self.retry,
            metrics: metrics, failpoints: configuration.failpoints, latency: configuration.latency,
            observer: environment.observer)
    }

    /// Works until the source ends, the task is cancelled or a graceful shutdown begins.
    public func run() async throws {
        let interrupts = Interrupts()
        try await withGracefulShutdownHandler {
            self.retry.health.report(self.retry.healthName, .starting)
            defer { self.retry.clear() }
            do {
                try await self.retry.run(.pull, repeating: Self.noEvent) {
                    try await self.source.start(positions: self.sink)
                }
                self.retry.begin()
                do {
                    try await self.work(interrupts)
                } catch {
                    await self.turns.end()
                    throw error
                }
            } catch is CancellationError where self.retry.stopping.isSet {
                // A graceful stop during a failing call: what it did not write will be delivered again.
            }
        } onGracefulShutdown: {
            self.retry.stopping.set()
            interrupts.interrupt()
        }
    }

    private enum Step: Sendable {
        case pulled(AssignedBatch?)
        case wrote(CommitResult)
    }

    /// One loop owns all that changes; its children are at most one pull and one write.
    private func work(_ interrupts: Interrupts) async throws {
        try await withThrowingTaskGroup(of: Step.self) { group in
            var state = PipelineState<BatchPreparation>()
            var memory = self.memory
            while true {
                switch state.advance(isContended: memory.isContended) {
                case .takeTurn:
                    if try await self.turns.take() {
                        memory.beganTurn()
                        state.tookTurn()
                    } else {
                        memory.leaveTurns()
                    }
                case .endTurn: await self.turns.end()
                case .pull:
                    let signal = interrupts.arm()
                    if self.retry.stopping.isSet {
                        state.pulled(nil, isStopping: true)
                    } else {
                        group.addTask { .pulled(try await self.pull(signal)) }
                    }
                case .prepare(let batch): state.prepared(try await self.prepare(batch, memory))
                case .write(let batch, let preparation):
                    group.addTask { .wrote(try await self.committer.commit(batch, preparation)) }
                    state.beganWriting(self.stage(batch, preparation, &memory))
                case .interruptPull: interrupts.interrupt()
                case .goBack(let partitions):
                    try await self.retry.run(.pull) { try await self.source.restart(partitions) }
                case .wait:
                    switch try await group.next() {
                    case .pulled(let batch): state.pulled(batch, isStopping: self.retry.stopping.isSet)
                    case .wrote(let result): self.settle(result, &state, &memory)
                    case nil: return
                    }
                case .finish: return
                }
            }
        }
    }

    private static let noEvent = "The store refuses the positions of the source."

    private func prepare(_ batch: AssignedBatch, _ memory: PipelineMemory) async throws -> BatchPreparation {
        do {
            return .prepared(
                try await self.retry.run(.read) { try await self.preparer.prepare(batch, memory) })
        } catch let error where error.failureDisposition == .reject {
            return .refused
        }
    }

    /// Takes note of what a batch that is written now leaves behind.
    private func stage(
        _ batch: AssignedBatch, _ preparation: BatchPreparation, _ memory: inout PipelineMemory
    ) -> PipelineState<BatchPreparation>.Writing {
        var isKnown = false
        if case .prepared(let prepared) = preparation {
            memory.stage(prepared.trace)
            isKnown = true
        }
        return batch.count >= self.overlapThreshold ? .large(isKnown: isKnown) : .small
    }

    /// Takes up what became of the batch in flight.
    private func settle(
        _ result: CommitResult, _ state: inout PipelineState<BatchPreparation>, _ memory: inout PipelineMemory
    ) {
        switch result {
        case .asPrepared:
            memory.commit()
            state.wrote()
        case .otherwise(let goingBack, let conflict):
            memory.forget(after: conflict)
            state.wrote(goingBack: goingBack)
        }
    }

    /// Waits for the next batch and gives it the models of that moment; nil when the source has ended or the wait was
    /// interrupted.
    private func pull(_ signal: AsyncStream<Void>) async throws -> AssignedBatch? {
        try await Interrupts.race(signal) {
            // Before the first model there is nothing to do with a batch, so none is taken.
            _ = try await self.retry.run(.pull) { try self.models.requireLineup() }
            while true {
                let batch = try await self.retry.run(.pull, repeating: Self.noEvent) { () -> AssignedBatch? in
                    do {
                        guard let events = try await self.source.nextBatch() else { return nil }
                        return AssignedBatch(events: events, lineup: try self.models.requireLineup())
                    } catch is CancellationError {
                        return nil
                    }
                }
                if batch?.events.isEmpty == true { continue }
                return batch
            }
        }
    }
}

/// The loop's preparation of a batch before it is written.
enum BatchPreparation: Sendable {
    case prepared(BatchPreparer.Prepared)
    /// Preparing failed because of the data; the committer narrows it down.
    case refused
}
