import ArgumentParser
import ChurnCore
import ChurnKafka
import ChurnStore

/// `churnd offsets`: shows how far each partition is, and starts a topic's next life.
struct OffsetsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "offsets", abstract: "Show or reset the stored positions.", subcommands: [Show.self, Reset.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the stored position of every partition.")
        @OptionGroup var process: ProcessOptions
        @OptionGroup var postgres: PostgresOptions

        func run() async throws {
            try await withStore(self.process, self.postgres) { store in
                let all = try await store.offsets.show()
                for progress in all {
                    let stream = progress.partition.stream
                    print(
                        "\(stream.name.cluster)/\(stream.name.topic)  epoch \(stream.epoch)\(progress.isCurrent ? "" : " (old)")  "
                            + "partition \(progress.partition.partition)  next \(progress.position.nextOffset)  "
                            + "last update \(progress.position.lastUpdate.map(String.init) ?? "none")  \(progress.updated.iso8601)"
                    )
                }
                if all.isEmpty {
                    print(
                        "no positions are stored for pipeline \(try Deployment(self.process.given).configuration[.pipelineName])"
                    )
                }
            }
        }
    }

    struct Reset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Start the topic's next epoch at the oldest, the newest or a given offset.",
            discussion: """
                For a topic that was deleted and made anew, or to score its records again. Processes that still write \
                in the old epoch are fenced and go on in the new one. Events that were scored before and come again \
                count again, unless they carry an event_id within the deduplication window.
                """)
        @Option(help: "earliest, latest, or an offset for every partition.") var to = "earliest"
        @Flag(help: "Do it; without this flag the command only says what it would do.") var execute = false
        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let deployment = try Deployment(self.options.given)
            let name = deployment.configuration[.kafkaTopic]
            guard let topic = try await KafkaTopics(deployment.kafka()).describe(name) else {
                throw ChurnError(
                    .invalidConfiguration, .fatal, during: "reset offsets",
                    advice: "the cluster has no topic \(name); check --kafka-topic and --kafka-brokers")
            }
            let positions = try self.positions(in: topic)
            for (partition, offset) in positions.sorted(by: { $0.key < $1.key }) {
                print("partition \(partition): \(offset)")
            }
            guard self.execute else { return print("nothing was changed; add --execute to do it") }
            let store = try deployment.store()
            do {
                let stream = try await store.offsets.reset(stream: topic.stream, to: positions)
                await store.close()
                print("\(name) goes on in epoch \(stream.epoch)")
            } catch {
                await store.close()
                throw error
            }
        }

        private func positions(in topic: KafkaTopics.Description) throws -> [Int32: Int64] {
            switch self.to {
            case "earliest": return topic.logs.mapValues(\.lowerBound)
            case "latest": return topic.logs.mapValues(\.upperBound)
            default:
                guard let offset = Int64(self.to), offset >= 0 else {
                    throw ValidationError("--to is earliest, latest or an offset of 0 or more.")
                }
                return topic.logs.mapValues { _ in offset }
            }
        }
    }
}
