import ChurnCore
import Logging

/// Every configuration key: its name in the file, form, default and meaning, each declared here and nowhere else.
///
/// Flags, environment variables, `--help`, the sample file and the table in Docs/configuration.md follow from it, in
/// this order.
struct Settings: Sendable {
    /// The declarations.
    static let all = Settings()

    let configurationFile = Setting("config", .text, "A file in YAML with any of the keys below.")
    let role = Setting(
        "role", .names, default: ProcessRole.all, "What `churnd run` does: score events, serve clients, or both.")
    let model = Setting("model", .text, "The folder of the model bundle, or a link to it; followed when it changes.")
    let modelsSource = Setting(
        "models.source", .choice(["folder", "registry"]), default: "folder",
        "Where the model comes from: the folder that `model` names, or the registry in the database.")
    let modelsPoll = Setting(
        "models.pollSeconds", .seconds(1...3_600), default: .seconds(5),
        "How often a process looks whether it is to serve another model.")
    let outcomesWindow = Setting(
        "outcomes.windowDays", .integer(1...3_650), default: 30,
        "The days of outcomes that models are judged by; older ones are counted as too old.")
    let outcomesLead = Setting(
        "outcomes.leadSeconds", .seconds(0...31_536_000), default: .zero,
        "The least time between a score and the outcome that judges it; a score that comes later does not count.")
    let outcomesHorizon = Setting(
        "outcomes.horizonDays", .integer(1...3_650), default: 90,
        "The age from which a score is too old to be judged by an outcome.")
    let domain = Setting("domain", .text, "The domain file; the Telco domain by default.")
    let pipelineName = Setting(
        "pipeline.name", .text, default: "churn",
        "The name under which progress is stored; another name starts from the beginning.")
    let pipelineEffects = Setting(
        "pipeline.effects", .boolean, default: true,
        "Whether events change their customers; false where producers update the customers themselves.")
    let unknownCustomerLimit = Setting(
        "pipeline.unknownCustomerLimit", .number(0...1), default: 0.9,
        "The share of events that may name unknown customers; above it the process waits for them and is not ready.")
    let activityResolution = Setting(
        "pipeline.activityResolutionSeconds", .seconds(0...86_400), default: .seconds(300),
        "How late a customer's stored times of scoring and last event may be where an event changes nothing else.")
    let explainReasons = Setting(
        "explain.reasons", .integer(0...20), default: 3,
        "How many reasons go with an alert and with a score that moved by `leastMove`; 0 for no explanations.")
    // Small moves are many, and explaining each of them halves the throughput and more.
    let explainLeastMove = Setting(
        "explain.leastMove", .number(0...1), default: 0.1,
        "How far a probability must move to be explained without being an alert; 0 for every move, 1 for alerts only.")
    let batchSize = Setting("batch.size", .integer(1...100_000), default: 4_000, "The most events in a batch.")
    let batchLinger = Setting(
        "batch.lingerMs", .milliseconds(0...60_000), default: .milliseconds(0),
        "How long a batch's oldest event waits for more.")
    let alertThreshold = Setting(
        "alert.threshold", .number(0...1),
        """
        A score above it is an alert, and its customer counts as at risk; by default as the domain says, else where \
        its band High begins.
        """)
    let alertEnter = Setting(
        "alert.enter", .number(0...1), "A customer becomes at risk above it; by default the threshold.")
    let alertExit = Setting(
        "alert.exit", .number(0...1), "A customer stops being at risk at or below it; by default `enter`.")
    let alertCoolDown = Setting(
        "alert.coolDownSeconds", .seconds(0...31_536_000),
        "The least time between two alerts of one customer; by default none.")
    let caseCloseLeft = Setting(
        "case.closeLeft", .boolean, default: true,
        "Whether cases of customers who have left are resolved by themselves.")
    let caseCloseRecovered = Setting(
        "case.closeRecovered", .boolean, default: false,
        "Whether cases of customers who are no longer at risk are resolved by themselves.")

    let kafkaBrokers = Setting(
        "kafka.brokers", .text, default: "127.0.0.1:9092", "Kafka's bootstrap brokers, host:port separated by commas.")
    let kafkaTopic = Setting("kafka.topic", .text, default: "user_events_topic", "The topic that events come from.")
    let kafkaGroup = Setting("kafka.group", .text, default: "churn_processor_group_v2", "The consumer group.")
    let kafkaAssign = Setting(
        "kafka.assign", .partitions, "Partitions to read from the stored positions, without a group.")
    let kafkaAutoOffsetReset = Setting(
        "kafka.autoOffsetReset", .choice(["earliest", "latest"]), default: "earliest",
        "Where a partition starts that neither the store nor the group knows.")
    let kafkaAssignor = Setting(
        "kafka.assignor", .choice(["cooperative", "eager"]), default: "cooperative",
        "How the group shares its partitions.")
    let kafkaInstanceId = Setting(
        "kafka.instanceId", .text, "This process's name for static membership: a quick restart keeps its partitions.")
    let kafkaSessionTimeout = Setting(
        "kafka.sessionTimeoutMs", .milliseconds(1_000...3_600_000),
        "After how long without a heartbeat the group gives this process's partitions to others (default: 6000).")
    let kafkaDeadLetterTopic = Setting("kafka.deadLetterTopic", .text, "A topic to forward dead letters to.")
    let kafkaUpdatesTopic = Setting("kafka.updatesTopic", .text, "A topic to export updates to.")
    let kafkaSecurityProtocol = Setting(
        "kafka.securityProtocol", .choice(["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"]),
        "How to talk to the brokers; by default in plain text on loopback, with TLS otherwise.")
    let kafkaSaslMechanism = Setting(
        "kafka.saslMechanism", .choice(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]), "How to log in at the brokers.")
    let kafkaSaslUsername = Setting("kafka.saslUsername", .text, "The user that logs in at the brokers.")
    let kafkaSaslPassword = Setting("kafka.saslPassword", .secret, "The password that logs in at the brokers.")
    let kafkaSslCaLocation = Setting(
        "kafka.sslCaLocation", .text, "A file of certificates that the brokers' certificates are checked against.")
    let kafkaSslCertificateLocation = Setting(
        "kafka.sslCertificateLocation", .text, "A file with this client's certificate.")
    let kafkaSslKeyLocation = Setting("kafka.sslKeyLocation", .text, "A file with this client's private key.")
    let kafkaSslKeyPassword = Setting("kafka.sslKeyPassword", .secret, "The password of this client's private key.")
    let kafkaSettings = Setting(
        "kafka.settings", .pairs, "More of librdkafka's settings, for what has no key here; not for secrets.")

    let postgresUrl = Setting(
        "postgres.url", .secret, "The database, postgres://user:password@host:port/database?sslmode=verify-full.")
    let postgresPoolSize = Setting(
        "postgres.poolSize", .integer(1...200), default: 6,
        "The most connections of this process to the database, all its parts together.")
    let postgresStatementTimeout = Setting(
        "postgres.statementTimeoutMs", .milliseconds(100...3_600_000), default: .milliseconds(30_000),
        "How long one statement may take.")
    let projectionReload = Setting(
        "projection.reloadSeconds", .seconds(5...86_400), default: .seconds(300),
        "How often a serving process reads all customers again, for changes that send no update.")

    let httpHost = Setting(
        "http.host", .text, default: "127.0.0.1",
        "The address to listen on; other machines may reach it only with sign-in and TLS, or behind a proxy.")
    let httpPort = Setting(
        "http.port", .integer(0...65_535), default: 8_080, "The port to listen on; 0 takes any free one.")
    let httpHosts = Setting(
        "http.hosts", .text,
        "More names under which clients reach the server, each perhaps with a port, separated by commas.")
    let httpOrigins = Setting(
        "http.origins", .text, "Origins of other pages that may use the server, such as https://dashboard.example.")
    let httpTlsCertificateFile = Setting(
        "http.tlsCertificateFile", .text,
        "The server's certificate and those that signed it, in PEM; with it comes TLS. Read again when it changes.")
    let httpTlsKeyFile = Setting("http.tlsKeyFile", .text, "The certificate's private key, in PEM.")
    let httpDashboard = Setting(
        "http.dashboard", .text,
        "The folder of the built dashboard; where it is not given, one beside the program, if any.")
    let httpBehindProxy = Setting(
        "http.behindProxy", .boolean, default: false,
        "Whether a proxy with TLS stands before the server and adds the client's address to X-Forwarded-For.")
    let httpAdminPort = Setting(
        "http.adminPort", .integer(0...65_535),
        "A port for health and metrics alone; without it they are on the main port.")
    let httpAdminHost = Setting("http.adminHost", .text, default: "127.0.0.1", "The address of the admin port.")
    let httpBasePath = Setting(
        "http.basePath", .text,
        "The path below which a proxy shows the server, such as /churn; needed only where the proxy passes it on.")
    let httpKeepAliveTimeout = Setting(
        "http.keepAliveTimeoutSeconds", .seconds(1...3_600), default: .seconds(120),
        "How long a connection may wait for its next request; longer than a proxy before the server keeps its own.")
    let httpConnectionsPerAddress = Setting(
        "http.connectionsPerAddress", .integer(1...1_000_000),
        """
        The most connections of one address, or behind a proxy of one client; by default 1000 or half of all, and no \
        such limit for this machine's own addresses.
        """)
    let httpRequestsPerPrincipal = Setting(
        "http.requestsPerSecond", .integer(1...1_000_000), default: 200,
        "How many requests a second each caller may make.")
    let httpRequestsPerAddress = Setting(
        "http.requestsPerSecondPerAddress", .integer(1...1_000_000), default: 1_000,
        "How many requests a second each address may make.")

    let authMode = Setting(
        "auth.mode", .choice(["keys", "jwt", "keys,jwt", "none"]), default: "keys",
        "How callers sign in: API keys, JSON Web Tokens, both, or not at all (on loopback only).", aliases: ["--auth"])
    let authJwtIssuer = Setting("auth.jwtIssuer", .text, "Who must have issued a token (`iss`).")
    let authJwtAudience = Setting("auth.jwtAudience", .text, "Whom a token must be meant for (`aud`).")
    let authJwtSecretFile = Setting("auth.jwtSecretFile", .text, "A file with the secret of HS256, at least 32 bytes.")
    let authJwtKeysFile = Setting(
        "auth.jwtKeysFile", .text,
        "Public keys for RS256 and ES256, as a JWKS or in PEM; read again when the file changes.")
    let authJwtRolesClaim = Setting(
        "auth.jwtRolesClaim", .text, default: "roles",
        """
        The claim that lists a token's roles (viewer, agent, ingest, admin), or names them with spaces between; dots \
        lead into objects.
        """)

    let webhookUrl = Setting(
        "webhook.url", .secret, "Where to report customers who become at risk: https, or http on this machine.")
    let webhookSecret = Setting(
        "webhook.secret", .secret, "What messages to webhook.url are signed with; at least 16 bytes.")
    let webhookSlackUrl = Setting(
        "webhook.slackUrl", .secret, "A Slack incoming webhook to notify of customers who become at risk.")
    let webhookFile = Setting(
        "webhook.file", .text, "A file in YAML with more webhooks, each with its own name, url, secret and format.")
    let webhookCaFile = Setting(
        "webhook.caFile", .text,
        "Certificates in PEM of authorities that are trusted for webhooks besides the system's.")
    let webhookAttempts = Setting(
        "webhook.attempts", .integer(1...100), default: 20,
        "The most attempts of one delivery; then it is marked as failed.")
    let webhookInFlight = Setting(
        "webhook.inFlight", .integer(1...100), default: 4,
        "The most deliveries to one webhook that are on their way at once.")
    let webhookTimeout = Setting(
        "webhook.timeoutMs", .milliseconds(100...15_000), default: .milliseconds(10_000),
        "How long one attempt may take.")

    let logLevel = Setting("log.level", .names, default: Logger.Level.info, "The least severe log lines to write.")
}
