import ChurnCore
import ChurnInsight
import Metrics

/// The metrics of webhooks; the names of webhooks come from configuration and are few.
struct WebhookMetrics: Sendable {
    private let delivered: Counter
    private let retried: Counter
    private let failed: Counter
    private let unreadable: Counter

    init(webhook: String, factory: any MetricsFactory) {
        func attempts(_ outcome: String) -> Counter {
            Counter(
                label: "churn.webhook.attempts", dimensions: [("webhook", webhook), ("outcome", outcome)],
                factory: factory)
        }
        self.delivered = attempts("delivered")
        self.retried = attempts("retried")
        self.failed = attempts("failed")
        self.unreadable = Counter(
            label: "churn.webhook.unreadable", dimensions: [("webhook", webhook)], factory: factory)
    }

    func finished(_ next: DeliveryResult.Next) {
        switch next {
        case .delivered: self.delivered.increment()
        case .retry: self.retried.increment()
        case .failed: self.failed.increment()
        }
    }

    func foundUnreadable() { self.unreadable.increment() }
}
