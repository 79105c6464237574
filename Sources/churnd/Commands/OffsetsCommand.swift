import ArgumentParser
import ChurnCore
import ChurnKafka
import ChurnStore

/// `churnd offsets`: shows how far each partition is, and starts a topic's next life.
struct OffsetsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "offsets", abstract: "Show or reset the stored positions.", subcommands: [Show.self, Reset.self])

    struct Show: ConfiguredCommand {
        static let about = CommandConfiguration(abstract: "Show the stored position of every partition.")

        func run(_ given: ConfigurationFlags) async throws {
            let deployment = try Deployment(given)
            try await deployment.withStore { store in
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
                    print("no positions are stored for pipeline \(deployment.configuration[\.pipelineName])")
                }
            }
        }
    }

    struct Reset: ConfiguredCommand {
        static let about = CommandConfiguration(
            abstract: "Start the topic's next epoch at the oldest, the newest, the stored or a given offset.",
            discussion: """
                For a topic that was deleted and made again (earliest), for a position that its log no longer has or does \
                not have yet (stored: each partition goes on where it stands, or at the nearest end of its log), or to \
                score records again. Processes that still write in the old epoch are fenced and go on in the new one. \
                Events that were scored before and come again count again, unless they carry an event_id within the \
                deduplication window.
                """)
        @Option(help: "earliest, latest, stored, or an offset for every partition.") var to = "earliest"
        @Flag(help: "Do it; without this flag the command only says what it would do.") var execute = false

        func run(_ given: ConfigurationFlags) async throws {
            let deployment = try Deployment(given)
            let name = deployment.configuration[\.kafkaTopic]
            guard let topic = try await KafkaTopics(deployment.kafka()).describe(name) else {
                throw ChurnError(
                    .invalidConfiguration, .fatal, during: "reset offsets",
                    advice: "the cluster has no topic \(name); check --kafka-topic and --kafka-brokers")
            }
            guard let choice = OffsetChoice(self.to) else {
                throw ValidationError("--to is earliest, latest, stored or an offset of 0 or more.")
            }
            try await deployment.withStore { store in
                let stored = try await store.positions(of: topic.stream, partitions: Array(topic.logs.keys)).stored
                let choices = choice.positions(in: topic.logs, stored: stored.mapValues(\.nextOffset))
                for (partition, position) in choices.sorted(by: { $0.key < $1.key }) {
                    print("partition \(partition): \(position.offset)\(position.note.map { " (\($0))" } ?? "")")
                }
                guard self.execute else { return print("nothing was changed; add --execute to do it") }
                let stream = try await store.offsets.reset(stream: topic.stream, to: choices.mapValues(\.offset))
                print("\(name) goes on in epoch \(stream.epoch)")
            }
        }
    }
}
