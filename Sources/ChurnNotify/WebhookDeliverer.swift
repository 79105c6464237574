public import ChurnCore
public import ChurnInsight
public import Logging
public import Metrics
public import ServiceLifecycle

/// Notifies webhooks of customers who became at risk and of drift: at least once each, in no promised order.
///
/// Runs on every serving node. Each update is taken up by one of them and each delivery is tried by one at a time; what
/// a node had claimed when it died is another's after ``WebhookConfiguration/lease``. A graceful shutdown waits for the
/// attempts that are on their way.
public struct WebhookDeliverer: Service, CustomStringConvertible {
    private let webhooks: [Webhook]
    private let updates: any UpdateLog
    private let log: any DeliveryLog
    private let drift: (any DriftLog)?
    private let configuration: WebhookConfiguration
    private let health: HealthBoard
    private let metrics: any MetricsFactory
    private let now: @Sendable () -> Timestamp
    private let logger: Logger

    /// Creates a deliverer.
    ///
    /// - Parameters:
    ///   - webhooks: the receivers; each needs a name of its own.
    ///   - updates: what was written.
    ///   - log: where deliveries are kept, the same for all nodes.
    ///   - drift: the episodes of drift that webhooks are notified of; nil for none.
    ///   - configuration: how deliveries are tried.
    ///   - health: gets a component `webhook.NAME` for each webhook, which is at worst degraded.
    ///   - metrics: gets counts of attempts.
    ///   - now: the wall clock, which signatures name; nil for the system's.
    ///   - logger: gets what was given up at `info`.
    public init(
        webhooks: [Webhook], updates: any UpdateLog, log: any DeliveryLog, drift: (any DriftLog)? = nil,
        configuration: WebhookConfiguration = WebhookConfiguration(), health: HealthBoard = HealthBoard(),
        metrics: any MetricsFactory,
        now: (@Sendable () -> Timestamp)? = nil, logger: Logger
    ) {
        self.webhooks = webhooks
        self.updates = updates
        self.log = log
        self.drift = drift
        self.configuration = configuration
        self.health = health
        self.metrics = metrics
        self.now = now ?? Timestamp.systemNow
        self.logger = logger
    }

    /// The type's name: a service group logs its services, and addresses are secrets.
    public var description: String { "WebhookDeliverer" }

    /// Delivers until a graceful shutdown, or until the task is cancelled.
    ///
    /// Never ends because a webhook or the log fails: it tries again.
    ///
    /// - Throws: `invalidConfiguration`, at once; see ``WebhookConfiguration/validate()``.
    public func run() async throws {
        let sender = WebhookSender(
            timeout: self.configuration.requestTimeout, trusting: try self.configuration.trustRoots(), now: self.now)
        await withTaskGroup(of: Void.self) { group in
            for webhook in self.webhooks {
                let metrics = WebhookMetrics(webhook: webhook.name, factory: self.metrics)
                let lane = WebhookLane(
                    webhook: webhook, sender: sender, log: self.log, configuration: self.configuration,
                    metrics: metrics, health: WebhookHealth(webhook: webhook.name, board: self.health),
                    logger: self.logger)
                let intake = WebhookIntake(
                    webhook: webhook, updates: self.updates, log: self.log,
                    drift: self.drift.map { DriftIntake(log: $0, now: self.now) }, metrics: metrics,
                    logger: self.logger)
                group.addTask { await lane.run(intake) }
            }
            // Without webhooks it still ends with the others, not before them.
            group.addTask { try? await gracefulShutdown() }
        }
        await sender.close()
    }
}
