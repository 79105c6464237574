import ChurnCore
import Logging

extension ConfigurationKey {
    /// Every key, in the order of the documentation.
    ///
    /// Flags, environment and file are checked against this list.
    static let all: [ConfigurationKey] = [
        Setting<String?>.configurationFile.key,
        Setting<ProcessRole>.role.key,
        Setting<String?>.model.key,
        Setting<String?>.domain.key,
        Setting<String>.pipelineName.key,
        Setting<Bool>.pipelineEffects.key,
        Setting<Int>.batchSize.key,
        Setting<Duration>.batchLinger.key,
        Setting<Double?>.alertThreshold.key,
        Setting<Double?>.alertEnter.key,
        Setting<Double?>.alertExit.key,
        Setting<Duration?>.alertCoolDown.key,
        Setting<String>.kafkaBrokers.key,
        Setting<String>.kafkaTopic.key,
        Setting<String>.kafkaGroup.key,
        Setting<PartitionSelection?>.kafkaAssign.key,
        Setting<String>.kafkaAutoOffsetReset.key,
        Setting<String>.kafkaAssignor.key,
        Setting<String?>.kafkaInstanceId.key,
        Setting<Duration?>.kafkaSessionTimeout.key,
        Setting<String?>.kafkaDeadLetterTopic.key,
        Setting<String?>.kafkaUpdatesTopic.key,
        Setting<String?>.kafkaSecurityProtocol.key,
        Setting<String?>.kafkaSaslMechanism.key,
        Setting<String?>.kafkaSaslUsername.key,
        Setting<Secret<String>?>.kafkaSaslPassword.key,
        Setting<String?>.kafkaSslCaLocation.key,
        Setting<String?>.kafkaSslCertificateLocation.key,
        Setting<String?>.kafkaSslKeyLocation.key,
        Setting<Secret<String>?>.kafkaSslKeyPassword.key,
        Setting<NamedValues>.kafkaSettings.key,
        Setting<Secret<String>?>.postgresUrl.key,
        Setting<Int>.postgresPoolSize.key,
        Setting<Duration>.postgresStatementTimeout.key,
        Setting<String>.httpHost.key,
        Setting<Int>.httpPort.key,
        Setting<Secret<String>?>.webhookUrl.key,
        Setting<Secret<String>?>.webhookSecret.key,
        Setting<Secret<String>?>.webhookSlackUrl.key,
        Setting<Int>.webhookAttempts.key,
        Setting<Int>.webhookInFlight.key,
        Setting<Duration>.webhookTimeout.key,
        Setting<Logger.Level>.logLevel.key,
    ]

    /// The key that names the configuration file; it cannot be in that file.
    static let file = Setting<String?>.configurationFile.key
}
