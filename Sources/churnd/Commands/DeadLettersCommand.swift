import ArgumentParser
import ChurnCore
import ChurnStore
import Foundation

/// `churnd dead-letters`: looks at records that were set aside, and sends them again.
struct DeadLettersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters", abstract: "List, show or retry records that could not be scored.",
        subcommands: [List.self, Show.self, Retry.self])

    struct List: ConfiguredCommand {
        static let about = CommandConfiguration(abstract: "List dead letters with their reasons.")
        @Flag(help: "Also those that were applied since.") var all = false
        @Option(help: "Start after this id.") var after: Int64 = 0
        @Option(help: "The most lines.") var limit = 100

        func run(_ given: ConfigurationFlags) async throws {
            try await Deployment(given).withStore { store in
                let letters = try await store.deadLetters(
                    after: self.after, status: self.all ? nil : .open, limit: max(1, self.limit))
                for letter in letters { print(Self.line(letter)) }
                if letters.isEmpty { print("no dead letters") }
                if letters.count == self.limit, let last = letters.last { print("more: --after \(last.id)") }
            }
        }

        private static func line(_ letter: DeadLetter) -> String {
            let position = letter.rejection.record.position
            return "\(letter.id)  \(letter.status.rawValue)  \(letter.rejection.code.rawValue)  "
                + "\(position.partition.stream.name.topic)/\(position.partition.partition)@\(position.offset)  "
                + "attempts \(letter.attempts)  \(letter.rejection.reason)"
        }
    }

    struct Show: ConfiguredCommand {
        static let about = CommandConfiguration(
            abstract: "Show one dead letter with its record.",
            discussion: "The record may hold customers' data: the terminal is the only place where it is shown.")
        @Argument(help: "The dead letter's id.") var id: Int64

        func run(_ given: ConfigurationFlags) async throws {
            try await Deployment(given).withStore { store in
                guard let letter = try await store.deadLetter(id: self.id) else {
                    throw ChurnError(
                        .invalidConfiguration, .fatal, during: "show a dead letter",
                        advice: "there is no dead letter \(self.id); see `churnd dead-letters list --all`")
                }
                let record = letter.rejection.record
                let partition = record.position.partition
                print("id        \(letter.id)")
                print("status    \(letter.status.rawValue), attempts \(letter.attempts)")
                print("code      \(letter.rejection.code.rawValue)")
                print("reason    \(letter.rejection.reason)")
                print(
                    "position  \(partition.stream.name.topic) partition \(partition.partition) offset \(record.position.offset)"
                )
                print("time      \(record.time.iso8601)")
                print("key       \(Self.shown(record.key))")
                for header in record.headers {
                    print("header    \(Self.shown(Array(header.name.utf8))): \(Self.shown(header.value))")
                }
                print("value     \(Self.shown(record.value))")
            }
        }

        /// The bytes as text where they are text, without control characters, which could command a terminal.
        private static func shown(_ bytes: [UInt8]?) -> String {
            guard let bytes else { return "(null)" }
            let text = String(decoding: bytes.prefix(4_096), as: UTF8.self)
            let safe = String(
                text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : Character($0) })
            return bytes.count > 4_096 ? "\(safe)... (\(bytes.count) bytes)" : safe
        }
    }

    struct Retry: ConfiguredCommand {
        static let about = CommandConfiguration(
            abstract: "Send open dead letters again, after their cause was fixed.",
            discussion: "Each is applied at most once, however often this is run or killed.")
        @Option(name: .customLong("id"), help: "Only this one; may be repeated.") var ids: [Int64] = []

        func run(_ given: ConfigurationFlags) async throws {
            let deployment = try Deployment(given)
            let models = ModelSlot(try await deployment.lineup())
            let left = try await deployment.withStore { store in
                let source = DeadLetterSource(
                    letters: store, decoder: deployment.decoder,
                    selection: self.ids.isEmpty ? .all : .ids(Set(self.ids)),
                    batchSize: deployment.configuration[\.batchSize])
                var configuration = deployment.pipelineConfiguration
                // Letters that are still refused stay where they are; the others are not held back by them.
                configuration.unknownCustomerLimit = 1
                let pipeline = deployment.pipeline(
                    from: source, into: store, models: models, broadcaster: NoOpBroadcaster(),
                    configuration: configuration)
                try await pipeline.run()
                return try await store.deadLetters(after: 0, status: .open, limit: 1_000)
            }
            print(
                left.isEmpty
                    ? "no dead letters are open"
                    : "\(left.count == 1_000 ? "1000 or more" : "\(left.count)") dead letters are still open")
        }
    }
}
