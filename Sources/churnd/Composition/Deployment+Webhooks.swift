import ChurnCore
import ChurnServe

extension Deployment {
    /// What tells other systems of customers who become at risk; nil where none is configured.
    func webhooks(over store: some UpdateLog & DeliveryLog) throws -> WebhookDeliverer? {
        var webhooks: [Webhook] = []
        if let url = self.configuration[.webhookUrl] {
            webhooks.append(
                try Webhook(
                    name: "generic", kind: .generic, url: url, secret: self.configuration[.webhookSecret]))
        }
        if let url = self.configuration[.webhookSlackUrl] {
            webhooks.append(try Webhook(name: "slack", kind: .slack, url: url))
        }
        guard !webhooks.isEmpty else { return nil }
        var configuration = WebhookConfiguration()
        configuration.maximumAttempts = self.configuration[.webhookAttempts]
        configuration.maximumInFlight = self.configuration[.webhookInFlight]
        configuration.requestTimeout = self.configuration[.webhookTimeout]
        return WebhookDeliverer(
            webhooks: webhooks, updates: store, log: store, configuration: configuration, metrics: self.metrics,
            logger: self.logger)
    }
}
