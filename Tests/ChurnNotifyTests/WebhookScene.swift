import ChurnInsight
import ChurnMemory
import ChurnServe
import Logging
import ServeTestSupport
import ServiceLifecycle
import Testing

@testable import ChurnCore
@testable import ChurnNotify

/// A store in which customers become at risk, and nodes that notify webhooks of it.
struct WebhookScene: Sendable {
    static let secret = Secret("0123456789abcdef-canary-secret")

    let store: InMemoryStore
    private let written = Locked<Int64>(0)

    /// - Parameter now: the store's clock, which leases and pauses are counted by.
    init(now: WallClock? = nil) { self.store = InMemoryStore(domain: .telco, now: now) }

    /// A configuration that loses no time.
    static var quick: WebhookConfiguration {
        var configuration = WebhookConfiguration()
        configuration.pollInterval = .milliseconds(10)
        configuration.backoff = Backoff(initial: .milliseconds(2), maximum: .milliseconds(20), jitter: 1)
        return configuration
    }

    static func generic(_ receiver: WebhookReceiver) throws -> Webhook {
        try Webhook(name: "generic", kind: .generic, url: receiver.url, secret: Self.secret)
    }

    /// The frame of an update, as the pipeline encodes it.
    static func frame(
        _ customer: String, number: Int64, eventID: Int64, details: String? = nil, becameAtRisk: Bool = true,
        extra: String = "", reasons: [Reason] = []
    ) -> [UInt8] {
        let partition = StreamPartition(
            stream: StreamIdentity(name: StreamName(cluster: "c", topic: "t"), epoch: 0), partition: 0)
        let time = Timestamp(microseconds: 1_767_225_600_250_000)
        let event = CustomerEvent(
            position: StreamPosition(partition: partition, offset: number), customerID: customer,
            type: EventType(rawValue: "contract_downgrade"), time: time, recordTime: time, details: details,
            json: Array("{\"event_type\":\"contract_downgrade\"\(extra)}".utf8))
        let prediction = Prediction(
            customerID: customer, probability: 0.8125, band: .high, model: ModelIdentity(version: "m"),
            stateVersion: 0, reasons: reasons, alert: AlertDecision(isAlert: true, becameAtRisk: becameAtRisk))
        var bytes: [UInt8] = []
        UpdateFrameEncoder(domain: .telco).append(
            to: &bytes, event: event, eventID: eventID, prediction: prediction,
            features: Domain.telco.schema.features.map { _ in .missing }, previous: nil)
        return bytes
    }

    /// A batch with one update for each customer.
    static func batch(_ customers: [String], from: Int64, becameAtRisk: Bool = true) -> ScoredBatch {
        let partition = StreamPartition(
            stream: StreamIdentity(name: StreamName(cluster: "c", topic: "t"), epoch: 0), partition: 0)
        var block = UpdateBlock(
            partition: partition, previous: from == 0 ? nil : from - 1, numbers: [], bytes: [], ends: [])
        var headers = HeaderWriter()
        for (index, customer) in customers.enumerated() {
            headers.append(
                UpdateHeader(
                    isAlert: true, becameAtRisk: becameAtRisk, band: .high, eventType: "contract_downgrade",
                    customer: customer, segment: nil))
            let number = from + Int64(index)
            block.numbers.append(number)
            block.bytes += Self.frame(
                customer, number: number, eventID: 1_000 + number, becameAtRisk: becameAtRisk)
            block.ends.append(block.bytes.count)
        }
        block.headers = headers.column
        return ScoredBatch(
            ranges: [OffsetRange(partition: partition, from: from, to: from + Int64(customers.count))],
            updates: [block])
    }

    /// Lets customers become at risk.
    func raise(_ customers: [String], becameAtRisk: Bool = true) async throws {
        let from = self.written.withLock { written in
            defer { written += Int64(customers.count) }
            return written
        }
        let outcome = try await self.store.write(Self.batch(customers, from: from, becameAtRisk: becameAtRisk))
        guard case .written = outcome else { throw GaveUp() }
    }

    /// Runs `body` beside this many nodes, once they have begun to follow the updates; stops them gracefully afterwards.
    func run(
        _ webhooks: [Webhook], nodes: Int = 1, configuration: WebhookConfiguration = WebhookScene.quick,
        log: (any DeliveryLog)? = nil, metrics: PrometheusMetricsFactory = PrometheusMetricsFactory(),
        _ body: (@escaping @Sendable () async -> Void) async throws -> Void
    ) async throws {
        let log = log ?? self.store
        let services = (0..<nodes).map { _ in
            WebhookDeliverer(
                webhooks: webhooks, updates: self.store, log: log, drift: self.store, configuration: configuration,
                metrics: metrics, logger: .quiet)
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: services, logger: .quiet))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            for webhook in webhooks {
                try await eventually("\(webhook.name) follows the updates") {
                    try await log.deliveryCursor(of: webhook.name) != nil
                }
            }
            do {
                try await body { await group.triggerGracefulShutdown() }
            } catch {
                await group.triggerGracefulShutdown()
                tasks.cancelAll()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// The log of all webhooks, oldest first.
    func lines() async throws -> [Delivery] {
        try await self.store.deliveries(of: nil, status: nil, before: nil, limit: 1_000).reversed()
    }

    /// Waits until this many deliveries are finished, and returns the log.
    func finished(_ count: Int) async throws -> [Delivery] {
        try await eventually("\(count) deliveries are finished") {
            try await self.lines().count { $0.status != .pending } >= count
        }
        return try await self.lines()
    }
}
