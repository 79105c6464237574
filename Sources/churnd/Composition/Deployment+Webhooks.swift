import ChurnCore
import ChurnInsight
import ChurnNotify

extension Deployment {
    /// The deliverer that notifies other systems of customers who become at risk and of drift; nil where none is
    /// configured.
    func webhooks(over store: some UpdateLog & DeliveryLog & DriftLog) throws -> WebhookDeliverer? {
        try self.webhookSettings().map { webhooks, configuration in
            WebhookDeliverer(
                webhooks: webhooks, updates: store, log: store, drift: store, configuration: configuration,
                health: self.health, metrics: self.metrics, logger: self.logger)
        }
    }

    /// Returns the webhooks and how deliveries are tried; nil where no webhook is configured.
    func webhookSettings() throws -> (webhooks: [Webhook], configuration: WebhookConfiguration)? {
        var webhooks: [Webhook] = []
        if let url = self.configuration[\.webhookUrl] {
            webhooks.append(
                try Webhook(
                    name: "generic", kind: .generic, url: url, secret: self.configuration[\.webhookSecret]))
        }
        if let url = self.configuration[\.webhookSlackUrl] {
            webhooks.append(try Webhook(name: "slack", kind: .slack, url: url))
        }
        if let path = self.configuration[\.webhookFile] { webhooks += try WebhookFile(path: path).webhooks }
        guard !webhooks.isEmpty else { return nil }
        guard Set(webhooks.map(\.name)).count == webhooks.count else {
            throw ChurnError(
                .invalidConfiguration, .fatal, during: "configure webhooks",
                advice: "webhook.url is `generic` and webhook.slackUrl is `slack`: name those of webhook.file otherwise"
            )
        }
        var configuration = WebhookConfiguration()
        configuration.maximumAttempts = self.configuration[\.webhookAttempts]
        configuration.maximumInFlight = self.configuration[\.webhookInFlight]
        configuration.requestTimeout = self.configuration[\.webhookTimeout]
        // Long enough that a slow attempt is not made twice, and short enough that another node takes over soon.
        configuration.lease = max(.seconds(5), configuration.requestTimeout * 6)
        configuration.trustedCertificates = self.configuration[\.webhookCaFile]
        try configuration.validate()
        return (webhooks, configuration)
    }
}
