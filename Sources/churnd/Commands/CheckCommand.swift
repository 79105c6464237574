import ArgumentParser
import ChurnCore
import ChurnFiles
import ChurnKafka
import ChurnModel
import ChurnStore

/// `churnd check`: looks at everything that `churnd run` with the same configuration needs, and says of each part what is
/// wrong and what to do.
struct CheckCommand: ConfiguredCommand {
    static let about = CommandConfiguration(
        commandName: "check",
        abstract: "Check what a run of the same role needs: configuration, domain, model, database, broker.",
        discussion: "A configuration that it approves, churnd run accepts; --role serve needs no model and no broker.")

    @Flag(help: "Also print every configuration key with its value and source; secrets are redacted.")
    var verbose = false
    @Flag(help: "Print a configuration file in YAML with every key, its meaning and default, and check nothing.")
    var sample = false

    func run(_ given: ConfigurationFlags) async throws {
        if self.sample { return print(ConfigurationTable.sample) }
        let (deployment, faults) = try await Deployment.examined(given)
        let role = deployment.configuration[\.role]
        if self.verbose { for line in deployment.configuration.summary { print("        \(line)") } }
        for fault in faults { print("FAILED  configuration: \(fault)") }
        var isGood = faults.isEmpty
        if isGood {
            print("ok      configuration of role \(role)")
            print("ok      domain \(deployment.domain.name): \(deployment.domain.schema.count) features")
            for feature in deployment.domain.schema.features where EndingWords.are(in: feature.name) {
                ErrorReport.remark(
                    "feature '\(feature.name)' sounds like what happens when a customer leaves: is it known before that?"
                )
            }
        }
        let isModelGood = await self.report("model") {
            guard deployment.hasModels else {
                return "none configured: nothing is scored on request"
            }
            let champion = try await deployment.lineup().champion
            let predictor = champion.predictor as? XGBoostPredictor
            for remark in predictor?.manifest.training.remarks ?? [] { ErrorReport.remark("model: \(remark)") }
            return "version \(champion.identity.version)"
        }
        isGood = isModelGood && isGood
        // Its absence is among the faults above.
        if deployment.configuration[\.postgresUrl] != nil {
            isGood = await self.report("database") { try await Self.database(deployment) } && isGood
        }
        if role.processes { isGood = await self.report("broker") { try await Self.broker(deployment) } && isGood }
        if !isGood { throw ExitCode.failure }
    }

    private func report(_ part: String, _ look: () async throws -> String) async -> Bool {
        do {
            print("ok      \(part): \(try await look())")
            return true
        } catch {
            print("FAILED  \(part): \(ErrorReport.text(of: error))")
            return false
        }
    }

    private static func database(_ deployment: Deployment) async throws -> String {
        let status = try await deployment.withMigrator { try await $0.status() }
        guard status.isCurrent else {
            throw ChurnError(
                .migrationNeeded, .fatal, during: "check the tables",
                advice: "\(status.pending.count) steps and \(status.missingColumns.count) columns are missing")
        }
        let count = try await deployment.withStore { try await $0.customerCount() }
        return "\(count) customers" + (count == 0 ? "; load them with `churnd import FILE.csv`" : "")
    }

    private static func broker(_ deployment: Deployment) async throws -> String {
        let name = deployment.configuration[\.kafkaTopic]
        guard let topic = try await KafkaTopics(deployment.kafka()).describe(name) else {
            throw ChurnError(
                .sourceUnavailable, .fatal, during: "look for the topic",
                advice: "the brokers answer, but have no topic \(name); create it, or check --kafka-topic")
        }
        return "topic \(name) with \(topic.logs.count) partitions"
    }
}
