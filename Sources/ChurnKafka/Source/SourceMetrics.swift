import Metrics

/// The metrics of one source.
struct SourceMetrics {
    private let factory: any MetricsFactory
    private let prefetchedRecords: Gauge
    private let prefetchedBytes: Gauge
    private let brokersUp: Gauge
    private let fetchQueue: Gauge
    private let receivedBytes: Gauge
    private let stopped: Gauge
    private let gap: Counter
    private let assignments: Counter
    private let revocations: Counter
    private let losses: Counter
    private let failedCommits: Counter
    private var lags: [Int32: Gauge] = [:]

    init(_ factory: any MetricsFactory) {
        self.factory = factory
        func gauge(_ name: String) -> Gauge { Gauge(label: name, dimensions: [], factory: factory) }
        func rebalances(_ kind: String) -> Counter {
            Counter(label: "churn.source.rebalances", dimensions: [("kind", kind)], factory: factory)
        }
        self.prefetchedRecords = gauge("churn.source.prefetch.records")
        self.prefetchedBytes = gauge("churn.source.prefetch.bytes")
        self.brokersUp = gauge("churn.kafka.brokers.up")
        self.fetchQueue = gauge("churn.kafka.fetch.queue")
        self.receivedBytes = gauge("churn.kafka.received.bytes")
        self.stopped = gauge("churn.source.partitions.stopped")
        self.gap = Counter(label: "churn.source.gap.offsets", dimensions: [], factory: factory)
        self.failedCommits = Counter(label: "churn.source.commits.failed", dimensions: [], factory: factory)
        self.assignments = rebalances("assigned")
        self.revocations = rebalances("revoked")
        self.losses = rebalances("lost")
    }

    func noteAssignment() { self.assignments.increment() }
    func noteRevocation(lost: Bool) { lost ? self.losses.increment() : self.revocations.increment() }
    func noteFailedCommit() { self.failedCommits.increment() }
    func noteGap(offsets: Int64) { self.gap.increment(by: offsets) }
    func noteStopped(_ count: Int) { self.stopped.record(count) }

    func note(_ statistics: ClientStatistics, prefetch: (records: Int, bytes: Int)) {
        self.prefetchedRecords.record(prefetch.records)
        self.prefetchedBytes.record(prefetch.bytes)
        self.brokersUp.record(statistics.brokersUp)
        self.fetchQueue.record(statistics.fetchQueue)
        self.receivedBytes.record(statistics.receivedBytes)
    }

    /// Records the lag of a partition, in records that the sink has not yet; nil takes the gauge away.
    mutating func noteLag(_ lag: Int64?, partition: Int32) {
        guard let lag else {
            self.lags.removeValue(forKey: partition)?.destroy()
            return
        }
        let gauge =
            self.lags[partition]
            ?? Gauge(label: "churn.source.lag", dimensions: [("partition", "\(partition)")], factory: self.factory)
        self.lags[partition] = gauge
        gauge.record(lag)
    }

    /// Ends the series of every partition.
    mutating func endLags() {
        for gauge in self.lags.values { gauge.destroy() }
        self.lags = [:]
    }
}
