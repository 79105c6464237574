import CoreMetrics
import Metrics

/// The pipeline's instruments, made once.
///
/// Every dimension has a finite set of values.
struct PipelineMetrics: Sendable {
    enum Stage: String, CaseIterable { case pull, read, score, encode, write }

    private let durations: [Stage: Metrics.Timer]
    let batchEvents: Recorder
    let events: Counter
    let alerts: Counter
    let duplicates: Counter
    let conflicts: Counter
    let fences: Counter
    let canaryFallbacks: CanaryFallbacks
    private let factory: any MetricsFactory

    init(factory: any MetricsFactory) {
        self.factory = factory
        self.durations = Dictionary(
            uniqueKeysWithValues: [Stage.read, .score, .encode, .write].map {
                ($0, Timer(label: "churn.batch.duration", dimensions: [("stage", $0.rawValue)], factory: factory))
            })
        self.batchEvents = Recorder(label: "churn.batch.events", factory: factory)
        self.events = Counter(label: "churn.events.accepted", factory: factory)
        self.alerts = Counter(label: "churn.alerts", factory: factory)
        self.duplicates = Counter(label: "churn.events.duplicate", factory: factory)
        self.conflicts = Counter(label: "churn.write.conflicts", factory: factory)
        self.fences = Counter(label: "churn.write.fenced", factory: factory)
        self.canaryFallbacks = CanaryFallbacks(factory: factory)
    }

    /// Counts what became durable.
    func count(_ batch: ScoredBatch) {
        var (scored, alerts) = (0, 0)
        // By their indices: an event is expensive to copy.
        for index in batch.events.indices {
            guard let alert = batch.events[index].prediction?.alert else { continue }
            scored += 1
            if alert.isAlert { alerts += 1 }
        }
        self.batchEvents.record(batch.events.count)
        self.events.increment(by: scored)
        self.duplicates.increment(by: batch.events.count - scored)
        self.alerts.increment(by: alerts)
        for rejection in batch.rejections { self.rejected(rejection.code) }
    }

    private func rejected(_ code: Rejection.Code) {
        Counter(label: "churn.events.rejected", dimensions: [("reason", code.rawValue)], factory: self.factory)
            .increment()
    }

    func retried(_ stage: Stage, _ error: any Error) {
        let code = (error as? ChurnError)?.code.description ?? "other"
        Counter(
            label: "churn.retry", dimensions: [("stage", stage.rawValue), ("code", code)], factory: self.factory
        ).increment()
    }

    /// Measures how long a stage takes.
    func measure<Result>(
        _ stage: Stage, _ body: () async throws -> Result
    ) async rethrows -> Result {
        let start = ContinuousClock.now
        defer { self.durations[stage]?.record(duration: ContinuousClock.now - start) }
        return try await body()
    }
}
