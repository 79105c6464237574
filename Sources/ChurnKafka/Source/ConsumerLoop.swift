import CRdKafka
import ChurnCore
import Logging
import Metrics

/// The loop of the source's thread: polls, keeps the partitions' state, decodes, and fills the prefetch.
///
/// Everything here belongs to that one thread. It talks to the rest of the process through the mailbox and the prefetch,
/// which are thread-safe, and it never waits longer than a few seconds at a time.
final class ConsumerLoop {
    /// The state that the thread shares with the source that started it.
    struct Shared: Sendable {
        let configuration: KafkaSourceConfiguration
        let decoder: EventDecoder
        let prefetch: Prefetch
        let mailbox = Mailbox()
        /// The stream's name; nil until the cluster's id is known.
        let name = Locked<StreamName?>(nil)
        let health: HealthBoard
        let logger: Logger
        var metrics: any MetricsFactory = MetricsSystem.factory
    }

    /// The time for which the thread waits for records at once; a rebalance is noticed this late at most.
    static let tick: Int32 = 50
    /// The time without a record after which only a look shows that the topic is still there.
    static let idle: Duration = .seconds(5)

    let shared: Shared
    let handle: ConsumerHandle
    var metrics: SourceMetrics
    var assignment: Assignment
    var condition = SourceCondition() { didSet { self.reportHealth(since: oldValue) } }
    /// Up to where records are known to be destroyed unread.
    var gaps: [StreamPartition: Int64] = [:]
    var nextLookups = ContinuousClock.now
    var nextDiscovery = ContinuousClock.now
    var nextRedirection = ContinuousClock.now
    var nextRecheck = ContinuousClock.now
    /// When the topic is looked at again although nothing is wrong; records put it off.
    var nextLook = ContinuousClock.now + ConsumerLoop.idle
    /// The size of a record, as they were lately.
    var recordBytes = 1_024
    /// Whether librdkafka was instructed to fetch nothing.
    var isHeldBack = false
    private var hints: [Int32: Int64] = [:]
    private var nextCommit = ContinuousClock.now
    private var isStopping = false

    init(_ shared: Shared) throws {
        let configuration = shared.configuration
        self.shared = shared
        self.handle = try ConsumerHandle(
            configuration.clientSettings(), topic: configuration.topic, largestTake: configuration.batchSize)
        self.metrics = SourceMetrics(shared.metrics)
        self.assignment = Assignment(stream: StreamName(cluster: "", topic: configuration.topic))
        shared.mailbox.connect(to: self.handle.records)
        shared.health.report("source", .starting)
    }

    /// Runs until it is stopped or a fatal error ends it.
    func run() {
        self.connect()
        while !self.isStopping {
            self.readMail()
            while let event = self.handle.nextEvent(wait: 0) { self.handle(event) }
            self.commitHints(now: .now)
            self.reconcile(now: .now)
            self.read(now: .now)
        }
        self.shared.prefetch.end()
        self.flushHints()
        self.shared.mailbox.close()
        self.handle.close(within: self.shared.configuration.closeTimeout)
        self.metrics.endLags()
        if self.shared.prefetch.lastError == nil { self.shared.health.remove("source") }
    }

    /// Waits for the cluster's id, which stream identities need, then asks for partitions.
    private func connect() {
        let configuration = self.shared.configuration
        var cluster = configuration.clusterID
        while cluster == nil, !self.isStopping {
            self.readMail()
            while let event = self.handle.nextEvent(wait: 0) { self.handle(event) }
            cluster = self.handle.clusterID(timeout: 250)
        }
        guard let cluster, !self.isStopping else { return }
        self.assignment.stream.cluster = cluster
        self.shared.name.withLock { $0 = self.assignment.stream }
        guard case .group(_, let assignor) = configuration.membership.kind else { return }
        do { try self.handle.subscribe(isSticky: assignor == .cooperative) } catch { self.end(because: error) }
    }

    private func readMail() {
        for mail in self.shared.mailbox.take() {
            switch mail {
            case .answer(let id, let positions): self.handle(.answered(id: id, positions))
            case .restart(let partitions, let done):
                self.handle(.restarted(partitions))
                done.fulfil()
            case .commit(let ranges):
                for range in ranges { self.hints[range.partition.partition] = self.assignment.commit(range) }
            case .stop: self.isStopping = true
            }
        }
    }

    func handle(_ event: ClientEvent) {
        switch event {
        case .assigned(let partitions):
            self.metrics.noteAssignment()
            self.log(partitions, "Partitions gained")
            self.condition.noteAssignment()
            self.countPartitions()
            self.handle(.gained(partitions, isOwed: true))
        case .revoked(let partitions, let lost):
            self.metrics.noteRevocation(lost: lost)
            self.log(partitions, lost ? "Partitions lost without notice" : "Partitions lost")
            self.handle(.revoked(partitions, isCooperative: self.handle.isCooperative))
        case .commitFailed(let fault):
            self.metrics.noteFailedCommit()
            self.log("a commit hint failed", fault)
        case .failed(let fault, let isFatal):
            self.log("Kafka reports an error", fault)
            if isFatal { self.end(because: fault) } else { self.condition.note(fault) }
        case .statistics(let json): self.note(statistics: json)
        case .log(let line):
            let text = self.shared.configuration.connection.redacting(line)
            self.shared.logger.debug("librdkafka", metadata: ["churn.kafka.line": "\(text)"])
        }
    }

    /// Ends the source for good: librdkafka's fatal errors (a fenced static member above all) come back after every new
    /// start, so making a new client would only fight with whoever is in the way.
    private func end(because error: any Error) {
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
        for (number, state) in self.assignment.partitions where state.phase == .reading {
            guard let end = self.handle.lastKnownEnd(number) else { continue }
            self.metrics.noteLag(state.lag(to: end), partition: number)
        }
    }

    /// Hands the hints to the group now and then; more often would only load the brokers.
    private func commitHints(now: ContinuousClock.Instant) {
        guard now >= self.nextCommit else { return }
        self.nextCommit = now + .milliseconds(500)
        self.flushHints()
    }

    private func flushHints() {
        let due = self.hints.filter { self.assignment.partitions[$0.key]?.isAssigned == true }
        self.hints = [:]
        if !due.isEmpty { self.handle.commit(due.map { ($0.key, $0.value) }) }
    }

    private func reportHealth(since before: SourceCondition) {
        guard before != self.condition else { return }
        let health = self.condition.health
        self.shared.health.report("source", health, code: self.condition.code)
        if before.stopped.count != self.condition.stopped.count {
            self.metrics.noteStopped(self.condition.stopped.count)
        }
    }

    func log(_ partitions: [Int32], _ message: Logger.Message) {
        guard !partitions.isEmpty else { return }
        self.shared.logger.info(message, metadata: ["churn.partitions": "\(partitions.sorted())"])
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
