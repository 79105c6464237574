import ArgumentParser
import ChurnCore
import ChurnFiles
import ChurnInsight
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
        @OptionGroup var encoding: EncodingOption

        func run(_ given: ConfigurationFlags) async throws {
            let deployment = try Deployment(given)
            let now = Timestamp.now
            let input = try self.encoding.input(self.file)
            var check = try OutcomeFile(input, domain: deployment.domain, now: now)
            var review = OutcomeReview(days: deployment.configuration[\.outcomesWindow], at: now)
            while true {
                let chunk = try check.nextChunk(of: 5_000)
                if chunk.isEmpty { break }
                review.take(chunk)
            }
            var outcomes = try OutcomeFile(input, domain: deployment.domain, now: now)
            var (new, strangers) = (0, 0)
            try await deployment.withStore { store in
                while true {
                    let chunk = try outcomes.nextChunk(of: 5_000)
                    if chunk.isEmpty { break }
                    new += try await store.recordOutcomes(chunk)
                    let known = try await store.states(for: chunk.map(\.customerID))
                    strangers += chunk.count { known[$0.customerID] == nil }
                }
            }
            if strangers > 0 {
                let count = strangers == 1 ? "1 outcome is" : "\(strangers) outcomes are"
                ErrorReport.remark("\(count) of customers who are not in users; no score is judged by that")
            }
            for remark in review.remarks { ErrorReport.remark(remark) }
            print("read \(review.total) \(review.total == 1 ? "outcome" : "outcomes"), \(new) of them new or changed")
        }
    }
}

/// Finds what a file of outcomes holds that will not count as its author may expect.
struct OutcomeReview {
    private struct Key: Hashable {
        var customerID: String
        var time: Timestamp
    }

    private let days: Int
    private let since: Timestamp
    private var seen: [Key: Bool] = [:]
    private var old = 0
    private var contradictions = 0
    private(set) var total = 0

    init(days: Int, at now: Timestamp) {
        self.days = days
        self.since = Timestamp(microseconds: (Int64(now.day) - Int64(days)) * 86_400_000_000)
    }

    mutating func take(_ outcomes: [CustomerOutcome]) {
        for outcome in outcomes {
            self.total += 1
            if outcome.time < self.since { self.old += 1 }
            let key = Key(customerID: outcome.customerID, time: outcome.time)
            if let known = self.seen.updateValue(outcome.hasChurned, forKey: key), known != outcome.hasChurned {
                self.contradictions += 1
            }
        }
    }

    var remarks: [String] {
        var remarks: [String] = []
        if self.old > 0 {
            remarks.append(
                "\(self.old) of \(self.total) outcomes are older than \(self.days) days and judge no model; "
                    + "raise outcomes.windowDays to have them count")
        }
        if self.contradictions > 0 {
            remarks.append(
                "\(self.contradictions) times a customer both left and stayed at the same date; the last line counts")
        }
        return remarks
    }
}
