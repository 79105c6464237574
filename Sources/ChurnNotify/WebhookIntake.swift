import ChurnCore
import ChurnInsight
import Logging

/// Takes up updates and drift that a webhook is to be notified of, and makes deliveries of them.
///
/// Begins behind what is there: a new webhook is not notified of old cases.
struct WebhookIntake {
    let webhook: Webhook
    let updates: any UpdateLog
    let log: any DeliveryLog
    let metrics: WebhookMetrics
    let logger: Logger
    /// The cursor that this node believes the webhook to have; nil where it has to ask.
    private var cursor: UpdateCursor?
    private var drift: DriftIntake?
    private static let pageSize = 100

    init(
        webhook: Webhook, updates: any UpdateLog, log: any DeliveryLog, drift: DriftIntake? = nil,
        metrics: WebhookMetrics, logger: Logger
    ) {
        self.webhook = webhook
        self.updates = updates
        self.log = log
        self.drift = drift
        self.metrics = metrics
        self.logger = logger
    }

    /// Takes up one page, and returns whether there may be more.
    mutating func takeUp() async throws -> Bool {
        var known = self.cursor
        if known == nil { known = try await self.log.deliveryCursor(of: self.webhook.name) }
        guard let from = known else {
            let end = try await self.updates.end().withoutFinishedEpochs
            _ = try await self.log.addDeliveries([], to: self.webhook.name, from: nil, to: end)
            return true
        }
        self.cursor = from
        let notices = try await self.drift?.notices() ?? []
        if !notices.isEmpty {
            let deliveries = notices.map(self.webhook.delivery)
            guard try await self.log.addDeliveries(deliveries, to: self.webhook.name, from: from, to: from) else {
                self.cursor = nil
                return true
            }
            self.drift?.finished(notices)
        }
        let page = try await self.updates.updates(after: from, limit: Self.pageSize)
        guard !page.blocks.isEmpty else { return false }
        var to = from
        let deliveries = self.deliveries(of: page, after: &to)
        // Where another node was faster, it has taken these up: ask where it stands.
        let isMoved = try await self.log.addDeliveries(deliveries, to: self.webhook.name, from: from, to: to)
        self.cursor = isMoved ? to : nil
        return page.hasMore || !isMoved
    }

    private func deliveries(of page: UpdatePage, after cursor: inout UpdateCursor) -> [NewDelivery] {
        var deliveries: [NewDelivery] = []
        for block in page.blocks {
            let seen = cursor.seen[block.partition]
            if let seen, let previous = block.previous, previous > seen, page.gaps.contains(block.partition) {
                self.logger.info(
                    "Updates were deleted before a webhook was notified of them",
                    metadata: ["churn.webhook": "\(self.webhook.name)"])
            }
            let headers = block.readHeaders()
            for (index, number) in block.numbers.enumerated() where seen.map({ number > $0 }) ?? true {
                // Where no headers were kept, the frames say it.
                guard headers?[index].becameAtRisk ?? true else { continue }
                do {
                    if let notice = try RiskNotice.read(block.frame(at: index)) {
                        deliveries.append(self.webhook.delivery(of: notice))
                    }
                } catch {
                    self.metrics.foundUnreadable()
                    self.logger.info(
                        "An update cannot be read and no webhook is notified of it",
                        metadata: ["churn.webhook": "\(self.webhook.name)", "churn.number": "\(number)"])
                }
            }
            cursor.advance(past: block)
        }
        return deliveries
    }
}
