import ChurnCore

extension Setting where Value == String {
    static let kafkaBrokers = text(
        "kafka.brokers", "127.0.0.1:9092", "Kafka's bootstrap brokers, host:port separated by commas.")
    static let kafkaTopic = text("kafka.topic", "user_events_topic", "The topic that events come from.")
    static let kafkaGroup = text("kafka.group", "churn_processor_group_v2", "The consumer group.")
    static let kafkaAutoOffsetReset = choice(
        "kafka.autoOffsetReset", ["earliest", "latest"], "earliest",
        "Where a partition starts that neither the store nor the group knows.")
    static let kafkaAssignor = choice(
        "kafka.assignor", ["cooperative", "eager"], "cooperative", "How the group shares its partitions.")
}

extension Setting where Value == PartitionSelection? {
    static let kafkaAssign = partitions(
        "kafka.assign", "Partitions to read from the stored positions, without a group.")
}

extension Setting where Value == String? {
    static let kafkaInstanceId = text(
        "kafka.instanceId", "This process's name for static membership: a quick restart keeps its partitions.")
    static let kafkaDeadLetterTopic = text("kafka.deadLetterTopic", "A topic to forward dead letters to.")
    static let kafkaUpdatesTopic = text("kafka.updatesTopic", "A topic to export updates to.")
    static let kafkaSecurityProtocol = choice(
        "kafka.securityProtocol", ["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"],
        "How to talk to the brokers; by default in plain text on loopback, with TLS otherwise.")
    static let kafkaSaslMechanism = choice(
        "kafka.saslMechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"], "How to log in at the brokers.")
    static let kafkaSaslUsername = text("kafka.saslUsername", "The user that logs in at the brokers.")
    static let kafkaSslCaLocation = text(
        "kafka.sslCaLocation", "A file of certificates that the brokers' certificates are checked against.")
    static let kafkaSslCertificateLocation = text(
        "kafka.sslCertificateLocation", "A file with this client's certificate.")
    static let kafkaSslKeyLocation = text("kafka.sslKeyLocation", "A file with this client's private key.")
}

extension Setting where Value == NamedValues {
    static let kafkaSettings = pairs(
        "kafka.settings", "More of librdkafka's settings, for what has no key here; not for secrets.")
}

extension Setting where Value == Duration? {
    static let kafkaSessionTimeout = milliseconds(
        "kafka.sessionTimeoutMs", 1_000...3_600_000,
        "After how long without a heartbeat the group gives this process's partitions to others (default: 6000).")
}

extension Setting where Value == Secret<String>? {
    static let kafkaSaslPassword = secret("kafka.saslPassword", "The password that logs in at the brokers.")
    static let kafkaSslKeyPassword = secret("kafka.sslKeyPassword", "The password of this client's private key.")
}
