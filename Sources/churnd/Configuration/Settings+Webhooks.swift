import ChurnCore

// An address may hold a token, as Slack's do: it is as secret as the secret.
extension Setting where Value == Secret<String>? {
    static let webhookUrl = secret(
        "webhook.url", "Where to report customers who become at risk: https, or http on this machine.")
    static let webhookSecret = secret(
        "webhook.secret", "What messages to webhook.url are signed with; at least 16 bytes.")
    static let webhookSlackUrl = secret(
        "webhook.slackUrl", "A Slack incoming webhook to notify of customers who become at risk.")
}

extension Setting where Value == String? {
    static let webhookFile = text(
        "webhook.file", "A file in YAML with more webhooks, each with its own name, url, secret and format.")
    static let webhookCaFile = text(
        "webhook.caFile", "Certificates in PEM of authorities that are trusted for webhooks besides the system's.")
}

extension Setting where Value == Int {
    static let webhookAttempts = integer(
        "webhook.attempts", 1...100, 20, "The most attempts of one delivery; then it is marked as failed.")
    static let webhookInFlight = integer(
        "webhook.inFlight", 1...100, 4, "The most deliveries to one webhook that are on their way at once.")
}

extension Setting where Value == Duration {
    static let webhookTimeout = milliseconds(
        "webhook.timeoutMs", 100...15_000, 10_000, "How long one attempt may take.")
}
