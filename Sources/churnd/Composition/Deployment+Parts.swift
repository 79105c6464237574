import ChurnCore
import ChurnInsight
import ChurnKafka
import ChurnModel
import ChurnServe
import ChurnStore
import Logging
import ServiceLifecycle

extension Deployment {
    /// Returns the connection to the database.
    func postgres() throws -> PostgresConfiguration {
        var postgres = PostgresConfiguration(url: try self.configuration.required(\.postgresUrl))
        postgres.poolSize = self.configuration[\.postgresPoolSize]
        postgres.statementTimeout = self.configuration[\.postgresStatementTimeout]
        return postgres
    }

    /// The store in PostgreSQL, for a command that works once.
    func store() throws -> PostgresStore {
        var postgres = try self.postgres()
        postgres.failpoints = .fromEnvironment
        return try self.store(postgres, logger: self.logger)
    }

    /// A store of a process whose health says how the database is, so that its pools need not log that too.
    func watchedStore(_ postgres: PostgresConfiguration) throws -> PostgresStore {
        var logger = self.logger
        logger.logLevel = max(logger.logLevel, .error)
        return try self.store(postgres, logger: self.logger.logLevel <= .debug ? self.logger : logger)
    }

    private func store(_ postgres: PostgresConfiguration, logger: Logger) throws -> PostgresStore {
        try PostgresStore(
            postgres, domain: self.domain, pipeline: self.configuration[\.pipelineName], logger: logger)
    }

    /// The database connection's patience for requests: what they ask for takes little time, or is refused.
    var servingLimits: (statement: Duration, wait: Duration) {
        let limits = ServerLimits()
        return (min(limits.statementTimeout, self.configuration[\.postgresStatementTimeout]), limits.poolWait)
    }

    /// Returns the connection to the brokers.
    func kafka() -> KafkaConnection {
        let named: [String: String?] = [
            "security.protocol": self.configuration[\.kafkaSecurityProtocol],
            "sasl.mechanism": self.configuration[\.kafkaSaslMechanism],
            "sasl.username": self.configuration[\.kafkaSaslUsername],
            "ssl.ca.location": self.configuration[\.kafkaSslCaLocation],
            "ssl.certificate.location": self.configuration[\.kafkaSslCertificateLocation],
            "ssl.key.location": self.configuration[\.kafkaSslKeyLocation],
        ]
        let settings = (self.configuration[\.kafkaSettings]?.values ?? [:])
            .merging(named.compactMapValues { $0 }) { $1 }
        var secrets: [String: Secret<String>] = [:]
        secrets["sasl.password"] = self.configuration[\.kafkaSaslPassword]
        secrets["ssl.key.password"] = self.configuration[\.kafkaSslKeyPassword]
        return KafkaConnection(brokers: self.configuration[\.kafkaBrokers], settings: settings, secrets: secrets)
    }

    /// The source of events in Kafka.
    func kafkaSource() -> KafkaEventSource {
        KafkaEventSource(
            self.kafkaSourceConfiguration, decoder: self.decoder, health: self.health, logger: self.logger,
            metrics: self.metrics)
    }

    /// The configuration of the source.
    var kafkaSourceConfiguration: KafkaSourceConfiguration {
        let configuration = self.configuration
        var connection = self.kafka()
        if let timeout = configuration[\.kafkaSessionTimeout] {
            var settings = connection.settings
            let milliseconds =
                timeout.components.seconds * 1_000 + timeout.components.attoseconds / 1_000_000_000_000_000
            settings["session.timeout.ms"] = String(milliseconds)
            connection = KafkaConnection(brokers: connection.brokers, settings: settings, secrets: connection.secrets)
        }
        var source = KafkaSourceConfiguration(
            connection: connection, topic: configuration[\.kafkaTopic], group: configuration[\.kafkaGroup])
        source.batchSize = configuration[\.batchSize]
        source.maximumPrefetchedRecords = max(source.maximumPrefetchedRecords, 2 * source.batchSize)
        source.linger = configuration[\.batchLinger]
        source.start = configuration[\.kafkaAutoOffsetReset] == "latest" ? .latest : .earliest
        switch configuration[\.kafkaAssign] {
        case .all: source.membership = .assigned()
        case .listed(let partitions): source.membership = .assigned(partitions)
        case nil:
            source.membership = .group(
                instance: configuration[\.kafkaInstanceId],
                assignor: configuration[\.kafkaAssignor] == "eager" ? .eager : .cooperative)
        }
        return source
    }

    /// The configuration of pipelines of this deployment.
    var pipelineConfiguration: PipelineConfiguration {
        var pipeline = PipelineConfiguration()
        pipeline.appliesEffects = self.configuration[\.pipelineEffects]
        pipeline.reasons = self.configuration[\.explainReasons]
        pipeline.leastExplainedMove = self.configuration[\.explainLeastMove]
        pipeline.unknownCustomerLimit = self.configuration[\.unknownCustomerLimit]
        pipeline.activityResolution = self.configuration[\.activityResolution]
        pipeline.latency = self.latency
        pipeline.failpoints = .fromEnvironment
        return pipeline
    }

    /// The pipeline from a source into a store.
    ///
    /// - Parameter configuration: how it works; nil for ``pipelineConfiguration``.
    func pipeline(
        from source: any EventSource, into store: any TransactionalStore, models: ModelSlot,
        broadcaster: any Broadcaster, observer: (any ScoreObserver)? = nil,
        configuration: PipelineConfiguration? = nil
    ) -> Pipeline {
        Pipeline(
            source: source, store: store, models: models, broadcaster: broadcaster, domain: self.domain,
            configuration: configuration ?? self.pipelineConfiguration,
            environment: Pipeline.Environment(
                observer: observer, health: self.health, metrics: self.metrics, logger: self.logger))
    }

    /// The hub that passes updates on to subscribers.
    func hub(over log: any UpdateLog) -> UpdateHub {
        var hub = UpdateHubConfiguration()
        hub.latency = self.latency
        return UpdateHub(
            log: log, configuration: hub, health: self.health, metrics: self.metrics, logger: self.logger)
    }

    /// The queries about customers, answered from memory; a service that keeps it current.
    ///
    /// - Parameter reader: the same store with the patience of a request; nil for `store`.
    func projection(of store: any QueryStore, reader: (any QueryStore)? = nil) -> CustomerProjectionFeed {
        var feed = CustomerProjectionFeed.Configuration()
        feed.reloadInterval = self.configuration[\.projectionReload]
        return CustomerProjectionFeed(
            store: store, reader: reader, configuration: feed, health: self.health, metrics: self.metrics,
            logger: self.logger)
    }
}
