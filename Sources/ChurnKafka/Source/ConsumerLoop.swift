import CRdKafka
import ChurnCore
import Logging
import Metrics

/// What the source's thread does: polls, keeps the partitions' state, decodes, and fills the prefetch.
///
/// Everything here belongs to that one thread. It talks to the rest of the process through the mailbox, the prefetch and
/// the topic's facts, which are thread-safe, and it never waits longer than a few seconds at a time.
final class ConsumerLoop {
    /// What the thread shares with the source that started it.
    struct Shared: Sendable {
        let configuration: KafkaSourceConfiguration
        let decoder: EventDecoder
        let prefetch: Prefetch
        let mailbox: Mailbox
        let facts: TopicFacts
        let health: HealthBoard
        let logger: Logger
        let metrics: any MetricsFactory
    }

    /// How long the thread waits for records at a time; a rebalance is noticed this late at most.
    static let tick: Int32 = 50

    let shared: Shared
    let handle: ConsumerHandle
    var metrics: SourceMetrics
    var lanes: [Int32: Lane] = [:]
    var condition = SourceCondition() { didSet { self.reportHealth(since: oldValue) } }
    /// Whether the group waits for this member's answer to an assignment.
    var owesAssignment = false
    /// The question that the sink has not answered.
    var openQuestion: Int?
    var questions = 0
    /// How many partitions the topic had when it was first seen; those above were added later.
    var firstPartitionCount: Int?
    var nextLookups = ContinuousClock.now
    var nextDiscovery = ContinuousClock.now
    var nextRedirection = ContinuousClock.now
    var nextRecheck = ContinuousClock.now
    private var hints: [Int32: Int64] = [:]
    private var nextCommit = ContinuousClock.now
    var averageRecordBytes = 256
    private var isStopping = false

    init(_ shared: Shared) throws {
        let configuration = shared.configuration
        self.shared = shared
        self.handle = try ConsumerHandle(
            configuration.clientSettings(), topic: configuration.topic, largestTake: configuration.batchSize)
        self.metrics = SourceMetrics(shared.metrics)
        shared.mailbox.connect(self.handle.waker)
        shared.health.report("source", .starting)
    }

    /// Runs until it is told to stop or a fatal error ends it.
    func run() {
        self.connect()
        while !self.isStopping {
            self.readMail()
            while let event = self.handle.nextEvent(wait: 0) { self.heed(event) }
            self.keepUp(now: .now)
            self.read(now: .now)
        }
        self.shared.prefetch.end()
        self.flushHints()
        self.handle.close(within: self.shared.configuration.closeTimeout)
        self.shared.mailbox.close()
        if self.shared.prefetch.lastError == nil { self.shared.health.remove("source") }
    }

    /// Waits for the cluster's id, which stream identities need, then asks for partitions.
    private func connect() {
        let configuration = self.shared.configuration
        var cluster = configuration.clusterID
        while cluster == nil, !self.isStopping {
            self.readMail()
            while let event = self.handle.nextEvent(wait: 0) { self.heed(event) }
            cluster = self.handle.clusterID(timeout: 250)
        }
        guard let cluster, !self.isStopping else { return }
        self.shared.facts.set(StreamName(cluster: cluster, topic: configuration.topic))
        do {
            switch configuration.membership.kind {
            case .group: try self.handle.subscribe()
            case .assigned(let partitions): self.ask(for: partitions ?? [])
            }
        } catch {
            self.end(because: error)
        }
    }

    private func readMail() {
        for mail in self.shared.mailbox.take() {
            switch mail {
            case .answer(let id, let positions): self.heed(answer: id, positions)
            case .restart(let partitions, let positions, let done):
                self.restart(partitions, positions)
                done.fulfil()
            case .commit(let ranges): self.note(ranges)
            case .stop: self.isStopping = true
            }
        }
    }

    func heed(_ event: ConsumerEvent) {
        switch event {
        case .assigned(let partitions): self.takeOver(partitions)
        case .revoked(let partitions, let lost): self.giveUp(partitions, lost: lost)
        case .commitFailed(let fault):
            self.metrics.noteFailedCommit()
            self.log("a commit hint failed", fault)
        case .failed(let fault, let isFatal):
            self.log("Kafka reports an error", fault)
            if isFatal { self.end(because: fault) } else { self.note(fault) }
        case .statistics(let json): self.note(statistics: json)
        case .log(let line):
            let text = self.shared.configuration.connection.redacting(line)
            self.shared.logger.debug("librdkafka", metadata: ["churn.kafka.line": "\(text)"])
        }
    }

    /// Notes what stands in the way and has the caller hear of it once.
    func note(_ fault: KafkaFault) {
        guard self.condition.note(fault) else { return }
        self.shared.prefetch.fail(fault.churnError(during: "reading from Kafka"))
    }

    /// Ends the source for good: librdkafka's fatal errors (a fenced static member above all) come back after every new
    /// start, so making a new client would only fight with whoever is in the way.
    func end(because error: any Error) {
        let fault = error as? KafkaFault ?? KafkaFault(RD_KAFKA_RESP_ERR__FATAL)
        let final = ChurnError(
            .sourceUnavailable, .fatal, during: "reading from Kafka", advice: fault.advice, underlying: fault)
        self.shared.health.report("source", .failing(reason: "Kafka reports \(fault)", advice: fault.advice))
        self.shared.prefetch.end(because: final)
        self.isStopping = true
    }

    private func note(statistics json: String) {
        guard let statistics = ClientStatistics(json: json) else { return }
        if statistics.brokersUp > 0 { self.condition.noteConnection() }
        self.metrics.note(statistics, prefetch: self.shared.prefetch.size)
        for lane in self.lanes.values where lane.phase == .reading {
            let number = lane.partition.partition
            guard let end = self.handle.lastKnownEnd(number) else { continue }
            self.metrics.noteLag(max(0, end - (lane.committed ?? lane.next)), partition: number)
        }
    }

    // MARK: Commit hints

    private func note(_ ranges: [OffsetRange]) {
        for range in ranges {
            guard let lane = self.lanes[range.partition.partition], lane.partition == range.partition else { continue }
            lane.committed = range.to
            self.hints[range.partition.partition] = range.to
        }
    }

    /// Hands the hints to the group now and then; more often would only load the brokers.
    func commitHints(now: ContinuousClock.Instant) {
        guard now >= self.nextCommit else { return }
        self.nextCommit = now + .milliseconds(500)
        self.flushHints()
    }

    private func flushHints() {
        let due = self.hints.filter { self.lanes[$0.key]?.isAssigned == true }
        self.hints = [:]
        if !due.isEmpty { self.handle.commit(due.map { ($0.key, $0.value) }) }
    }

    // MARK: Saying how it goes

    private func reportHealth(since before: SourceCondition) {
        guard before != self.condition else { return }
        self.shared.health.report("source", self.condition.health)
        if before.stopped.count != self.condition.stopped.count {
            self.metrics.noteStopped(self.condition.stopped.count)
        }
    }

    func log(_ message: Logger.Message, _ fault: KafkaFault) {
        self.shared.logger.debug(
            message,
            metadata: [
                "churn.kafka.error": "\(fault)",
                "churn.kafka.text": "\(self.shared.configuration.connection.redacting(fault.text))",
            ])
    }
}
