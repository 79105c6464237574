import ArgumentParser
import ChurnCore
import ChurnFiles
import ChurnStore

/// `churnd outcomes`: the outcomes of customers.
struct OutcomesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outcomes", abstract: "Report what became of customers, so that models can be judged.",
        subcommands: [Import.self])

    struct Import: ConfiguredCommand {
        static let about = CommandConfiguration(
            abstract: "Load outcomes from a CSV file: customer id, churned, date.",
            discussion: """
                Each outcome is held against the last score before it; see `churnd models health`. A file may be \
                loaded again: an outcome of the same customer and date takes the place of the one before. The file is \
                checked as a whole before anything is written.
                """)

        @Argument(
            help: "A CSV file with the columns customer_id (or the domain's id), churned and date.",
            completion: .file(extensions: ["csv"]))
        var file: String

        func run(_ given: ConfigurationFlags) async throws {
            let deployment = try Deployment(given)
            var check = try OutcomeFile(path: self.file, domain: deployment.domain)
            while try !check.nextChunk(of: 5_000).isEmpty {}
            var outcomes = try OutcomeFile(path: self.file, domain: deployment.domain)
            var (total, new, strangers) = (0, 0, 0)
            try await deployment.withStore { store in
                while true {
                    let chunk = try outcomes.nextChunk(of: 5_000)
                    if chunk.isEmpty { break }
                    new += try await store.recordOutcomes(chunk)
                    total += chunk.count
                    let known = try await store.states(for: chunk.map(\.customerID))
                    strangers += chunk.count { known[$0.customerID] == nil }
                }
            }
            if strangers > 0 {
                let count = strangers == 1 ? "1 outcome is" : "\(strangers) outcomes are"
                ErrorReport.remark("\(count) of customers who are not in users; no score is judged by that")
            }
            print("read \(total) \(total == 1 ? "outcome" : "outcomes"), \(new) of them new or changed")
        }
    }
}
