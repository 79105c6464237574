import ArgumentParser
import ChurnCore
import Logging

/// Flags that stand for configuration keys.
protocol ConfigurationFlags: ParsableArguments {
    /// Every key of the group with what was typed; nil where the flag was not given.
    var typed: [(ConfigurationKey, String?)] { get }
}

extension ConfigurationFlags {
    /// The flags that were given.
    var given: [ConfigurationKey: String] {
        Dictionary(self.typed.compactMap { key, text in text.map { (key, $0) } }, uniquingKeysWith: { $1 })
    }
}

/// The help of a key's flag.
func help<Value>(_ setting: Setting<Value>) -> ArgumentHelp {
    let defaultValue = setting.key.defaultValue.map { " (default: \($0))" } ?? ""
    let advice = setting.key.isSecret ? " Prefer \(setting.key.environmentName): others can see flags." : ""
    return ArgumentHelp("\(setting.key.help)\(defaultValue)\(advice)")
}

/// Every configuration key as a flag.
struct ConfigurationOptions: ConfigurationFlags {
    @OptionGroup(title: "Process options") var process: ProcessOptions
    @OptionGroup(title: "Kafka options") var kafka: KafkaOptions
    @OptionGroup(title: "PostgreSQL options") var postgres: PostgresOptions
    @OptionGroup(title: "HTTP options") var http: HttpOptions
    @OptionGroup(title: "Sign-in options") var auth: AuthOptions
    @OptionGroup(title: "Webhook options") var webhook: WebhookOptions

    var typed: [(ConfigurationKey, String?)] {
        self.process.typed + self.kafka.typed + self.postgres.typed + self.http.typed + self.auth.typed
            + self.webhook.typed
    }

    /// The checked configuration of the process that was started with these flags.
    func load() throws -> DaemonConfiguration { try DaemonConfiguration(flags: self.given) }
}

/// The options of a process.
struct ProcessOptions: ConfigurationFlags {
    @Option(help: help(Setting.configurationFile)) var config: String?
    @Option(help: help(Setting.role)) var role: String?
    @Option(help: help(Setting.model)) var model: String?
    @Option(help: help(Setting.modelsSource)) var modelsSource: String?
    @Option(help: help(Setting.modelsPoll)) var modelsPollSeconds: String?
    @Option(help: help(Setting.domain)) var domain: String?
    @Option(help: help(Setting.pipelineName)) var pipelineName: String?
    @Option(help: help(Setting.pipelineEffects)) var pipelineEffects: String?
    @Option(help: help(Setting.unknownCustomerLimit)) var pipelineUnknownCustomerLimit: String?
    @Option(help: help(Setting.activityResolution)) var pipelineActivityResolutionSeconds: String?
    @Option(help: help(Setting.explainReasons)) var explainReasons: String?
    @Option(help: help(Setting.explainLeastMove)) var explainLeastMove: String?
    @Option(help: help(Setting.batchSize)) var batchSize: String?
    @Option(help: help(Setting.batchLinger)) var batchLingerMs: String?
    @Option(help: help(Setting.alertThreshold)) var alertThreshold: String?
    @Option(help: help(Setting.alertEnter)) var alertEnter: String?
    @Option(help: help(Setting.alertExit)) var alertExit: String?
    @Option(help: help(Setting.alertCoolDown)) var alertCoolDownSeconds: String?
    @Option(help: help(Setting.logLevel)) var logLevel: String?

    var typed: [(ConfigurationKey, String?)] {
        [
            (Setting.configurationFile.key, self.config), (Setting.role.key, self.role),
            (Setting.model.key, self.model), (Setting.modelsSource.key, self.modelsSource),
            (Setting.modelsPoll.key, self.modelsPollSeconds), (Setting.domain.key, self.domain),
            (Setting.pipelineName.key, self.pipelineName), (Setting.pipelineEffects.key, self.pipelineEffects),
            (Setting.unknownCustomerLimit.key, self.pipelineUnknownCustomerLimit),
            (Setting.activityResolution.key, self.pipelineActivityResolutionSeconds),
            (Setting.explainReasons.key, self.explainReasons),
            (Setting.explainLeastMove.key, self.explainLeastMove),
            (Setting.batchSize.key, self.batchSize), (Setting.batchLinger.key, self.batchLingerMs),
            (Setting.alertThreshold.key, self.alertThreshold), (Setting.alertEnter.key, self.alertEnter),
            (Setting.alertExit.key, self.alertExit), (Setting.alertCoolDown.key, self.alertCoolDownSeconds),
            (Setting.logLevel.key, self.logLevel),
        ]
    }
}

/// The options of the source of events.
struct KafkaOptions: ConfigurationFlags {
    @Option(help: help(Setting.kafkaBrokers)) var kafkaBrokers: String?
    @Option(help: help(Setting.kafkaTopic)) var kafkaTopic: String?
    @Option(help: help(Setting.kafkaGroup)) var kafkaGroup: String?
    @Option(help: help(Setting.kafkaAssign)) var kafkaAssign: String?
    @Option(help: help(Setting.kafkaAutoOffsetReset)) var kafkaAutoOffsetReset: String?
    @Option(help: help(Setting.kafkaAssignor)) var kafkaAssignor: String?
    @Option(help: help(Setting.kafkaInstanceId)) var kafkaInstanceId: String?
    @Option(help: help(Setting.kafkaSessionTimeout)) var kafkaSessionTimeoutMs: String?
    @Option(help: help(Setting.kafkaDeadLetterTopic)) var kafkaDeadLetterTopic: String?
    @Option(help: help(Setting.kafkaUpdatesTopic)) var kafkaUpdatesTopic: String?
    @Option(help: help(Setting.kafkaSecurityProtocol)) var kafkaSecurityProtocol: String?
    @Option(help: help(Setting.kafkaSaslMechanism)) var kafkaSaslMechanism: String?
    @Option(help: help(Setting.kafkaSaslUsername)) var kafkaSaslUsername: String?
    @Option(help: help(Setting.kafkaSaslPassword)) var kafkaSaslPassword: String?
    @Option(help: help(Setting.kafkaSslCaLocation)) var kafkaSslCaLocation: String?
    @Option(help: help(Setting.kafkaSslCertificateLocation)) var kafkaSslCertificateLocation: String?
    @Option(help: help(Setting.kafkaSslKeyLocation)) var kafkaSslKeyLocation: String?
    @Option(help: help(Setting.kafkaSslKeyPassword)) var kafkaSslKeyPassword: String?
    @Option(help: help(Setting.kafkaSettings)) var kafkaSettings: String?

    var typed: [(ConfigurationKey, String?)] {
        [
            (Setting.kafkaBrokers.key, self.kafkaBrokers), (Setting.kafkaTopic.key, self.kafkaTopic),
            (Setting.kafkaGroup.key, self.kafkaGroup), (Setting.kafkaAssign.key, self.kafkaAssign),
            (Setting.kafkaAutoOffsetReset.key, self.kafkaAutoOffsetReset),
            (Setting.kafkaAssignor.key, self.kafkaAssignor), (Setting.kafkaInstanceId.key, self.kafkaInstanceId),
            (Setting.kafkaSessionTimeout.key, self.kafkaSessionTimeoutMs),
            (Setting.kafkaDeadLetterTopic.key, self.kafkaDeadLetterTopic),
            (Setting.kafkaUpdatesTopic.key, self.kafkaUpdatesTopic),
            (Setting.kafkaSecurityProtocol.key, self.kafkaSecurityProtocol),
            (Setting.kafkaSaslMechanism.key, self.kafkaSaslMechanism),
            (Setting.kafkaSaslUsername.key, self.kafkaSaslUsername),
            (Setting.kafkaSaslPassword.key, self.kafkaSaslPassword),
            (Setting.kafkaSslCaLocation.key, self.kafkaSslCaLocation),
            (Setting.kafkaSslCertificateLocation.key, self.kafkaSslCertificateLocation),
            (Setting.kafkaSslKeyLocation.key, self.kafkaSslKeyLocation),
            (Setting.kafkaSslKeyPassword.key, self.kafkaSslKeyPassword),
            (Setting.kafkaSettings.key, self.kafkaSettings),
        ]
    }
}

/// The options of the database of customers and results.
struct PostgresOptions: ConfigurationFlags {
    @Option(help: help(Setting.postgresUrl)) var postgresUrl: String?
    @Option(help: help(Setting.postgresPoolSize)) var postgresPoolSize: String?
    @Option(help: help(Setting.postgresStatementTimeout)) var postgresStatementTimeoutMs: String?
    @Option(help: help(Setting.projectionReload)) var projectionReloadSeconds: String?

    var typed: [(ConfigurationKey, String?)] {
        [
            (Setting.postgresUrl.key, self.postgresUrl), (Setting.postgresPoolSize.key, self.postgresPoolSize),
            (Setting.postgresStatementTimeout.key, self.postgresStatementTimeoutMs),
            (Setting.projectionReload.key, self.projectionReloadSeconds),
        ]
    }
}

/// The receivers of notices of customers who become at risk.
struct WebhookOptions: ConfigurationFlags {
    @Option(help: help(Setting.webhookUrl)) var webhookUrl: String?
    @Option(help: help(Setting.webhookSecret)) var webhookSecret: String?
    @Option(help: help(Setting.webhookSlackUrl)) var webhookSlackUrl: String?
    @Option(help: help(Setting.webhookFile)) var webhookFile: String?
    @Option(help: help(Setting.webhookCaFile)) var webhookCaFile: String?
    @Option(help: help(Setting.webhookAttempts)) var webhookAttempts: String?
    @Option(help: help(Setting.webhookInFlight)) var webhookInFlight: String?
    @Option(help: help(Setting.webhookTimeout)) var webhookTimeoutMs: String?

    var typed: [(ConfigurationKey, String?)] {
        [
            (Setting.webhookUrl.key, self.webhookUrl), (Setting.webhookSecret.key, self.webhookSecret),
            (Setting.webhookSlackUrl.key, self.webhookSlackUrl), (Setting.webhookFile.key, self.webhookFile),
            (Setting.webhookCaFile.key, self.webhookCaFile), (Setting.webhookAttempts.key, self.webhookAttempts),
            (Setting.webhookInFlight.key, self.webhookInFlight), (Setting.webhookTimeout.key, self.webhookTimeoutMs),
        ]
    }
}
