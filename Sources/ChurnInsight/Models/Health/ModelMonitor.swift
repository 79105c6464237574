public import ChurnCore
public import CoreMetrics
public import Logging
import Metrics
public import ServiceLifecycle

/// Watches a pipeline's scores: counts inputs and scores for drift, and has the challenger score in the shadow.
///
/// Works behind a bounded queue on its own time: a batch that does not fit is dropped and counted, and whatever fails
/// here, the pipeline does not notice. What was counted is written every few seconds; a process that dies loses that
/// much of its statistics.
public final class ModelMonitor: ScoreObserver, Service, CustomStringConvertible {
    /// The configuration of a monitor.
    public struct Configuration: Hashable, Sendable {
        /// The most scores that wait.
        public var maximumWaiting = 50_000
        /// The most inputs of a batch that are counted for drift.
        ///
        /// Of a larger batch this many, evenly spread, show the distribution as well. Scores are all counted.
        public var maximumOfBatch = 250
        /// The interval at which counts are written.
        public var interval: Duration = .seconds(5)
        /// The most shadow scores and counted days that are kept while the store does not answer.
        public var maximumUnwritten = 100_000
        /// Creates the default configuration.
        public init() {}
    }

    struct Work: Sendable {
        var scores: [ObservedScore]
        var lineup: ModelLineup
    }

    private struct Queue {
        var work: [Work] = []
        var waiting = 0
        /// Whether the interval has passed since the last write.
        var isDue = false
    }

    /// The word `ModelMonitor`: what it holds is no one's log line.
    public var description: String { "ModelMonitor" }

    private let records: any ModelRecords
    private let domain: Domain
    private let configuration: Configuration
    private let clock: any Clock<Duration>
    private let health: HealthBoard
    private let logger: Logger
    private let queue = Locked(Queue())
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation
    private let dropped: Counter
    private let failures: Counter
    private let unwritten: Counter
    private let shadowed: Counter

    /// Creates a watch; it works while it runs.
    ///
    /// - `clock`: measures the interval; tests pass one of their own.
    /// - `health`: gets the component `model-counts`, which is at worst degraded.
    public init(
        records: any ModelRecords, domain: Domain, configuration: Configuration = Configuration(),
        clock: any Clock<Duration> = ContinuousClock(), health: HealthBoard = HealthBoard(),
        metrics: any MetricsFactory = MetricsSystem.factory, logger: Logger
    ) {
        self.health = health
        self.records = records
        self.domain = domain
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
        // One signal that waits is enough; a look takes all that waits.
        (self.signals, self.signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        health.report("model-counts", .healthy)
        self.dropped = Counter(label: "churn.watch.dropped", factory: metrics)
        self.failures = Counter(label: "churn.shadow.failures", factory: metrics)
        self.unwritten = Counter(label: "churn.watch.write.failures", factory: metrics)
        self.shadowed = Counter(label: "churn.shadow.scored", factory: metrics)
    }

    /// Takes note of a batch's scores, or drops them where too many wait.
    public func observe(_ scores: [ObservedScore], by lineup: ModelLineup) {
        let fits = self.queue.withLock { queue in
            guard queue.waiting + scores.count <= self.configuration.maximumWaiting else { return false }
            queue.waiting += scores.count
            queue.work.append(Work(scores: scores, lineup: lineup))
            return true
        }
        if fits { self.signal.yield() } else { self.dropped.increment(by: scores.count) }
    }

    /// Works until a graceful shutdown or the task is cancelled; then writes what it has.
    public func run() async throws {
        let counted = await cancelWhenGracefulShutdown { await self.workUntilCancelled() }
        await self.finish(counted)
    }

    private func workUntilCancelled() async -> MonitorCounts {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                while (try? await self.clock.sleep(for: self.configuration.interval)) != nil {
                    self.queue.withLock { $0.isDue = true }
                    self.signal.yield()
                }
            }
            var counted = MonitorCounts(domain: self.domain)
            for await _ in self.signals {
                await self.work(&counted)
                if self.takeDue() || counted.isLarge(self.configuration.maximumUnwritten / 4) {
                    await self.write(&counted)
                }
            }
            group.cancelAll()
            return counted
        }
    }

    /// Counts what waits still and writes it, in a task of its own: this one may be cancelled already.
    private func finish(_ counted: MonitorCounts) async {
        var counted = counted
        for work in self.takeWork() { counted.count(work, inputs: self.configuration.maximumOfBatch) }
        let last = counted
        // Owned and awaited here; a cancelled task could not write.
        await Task {
            var last = last
            await self.write(&last)
        }.value
    }

    private func takeWork() -> [Work] {
        self.queue.withLock { queue in
            defer { (queue.work, queue.waiting) = ([], 0) }
            return queue.work
        }
    }

    private func takeDue() -> Bool {
        self.queue.withLock { queue in
            defer { queue.isDue = false }
            return queue.isDue
        }
    }

    private func work(_ counted: inout MonitorCounts) async {
        for work in self.takeWork() {
            counted.count(work, inputs: self.configuration.maximumOfBatch)
            guard work.lineup.challenger != nil else { continue }
            do {
                self.shadowed.increment(by: try await counted.compare(work))
            } catch {
                self.failures.increment(by: work.scores.count)
            }
        }
    }

    private func write(_ counted: inout MonitorCounts) async {
        let (counts, shadow) = (counted.counts, counted.shadow)
        guard !counts.isEmpty || !shadow.isEmpty else { return }
        do {
            try await self.records.add(counts, shadow: shadow)
            self.health.report("model-counts", .healthy)
            counted = MonitorCounts(domain: self.domain)
        } catch {
            self.unwritten.increment()
            self.health.report(
                "model-counts", .degraded(error, "what models did is not counted now", keeps: "scoring goes on"),
                code: (error as? ChurnError)?.code)
            self.logger.debug("Counts of models could not be written and wait", metadata: ["churn.stage": "watch"])
            if counted.isLarge(self.configuration.maximumUnwritten) { counted = MonitorCounts(domain: self.domain) }
        }
    }
}
