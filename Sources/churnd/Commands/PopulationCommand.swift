import ArgumentParser
import ChurnCore
import ChurnMemory
import Foundation

/// Writes a simulated customer base as a CSV file.
struct PopulationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "population", abstract: "Write a simulated customer base of the Telco domain as CSV.",
        discussion: "None of its customers is real. The same seed gives the same customers.")

    @Option(help: "How many customers.") var count = 5_000
    @Option(help: "The seed.") var seed: UInt64 = 1
    @Option(help: "The file to write.") var output: String

    func run() throws {
        let domain = Domain.telco
        let population = try CustomerPopulation(domain: domain, seed: self.seed)
        let header = [domain.idName] + domain.schema.features.map(\.name) + [domain.label.name]
        var text = header.joined(separator: ",") + "\n"
        for customer in population.customers(max(0, self.count)) {
            let label = customer.hasChurned == true ? domain.label.positive : domain.label.negative
            let fields = [customer.customer.id] + customer.customer.features.map(Self.field) + [label]
            text += fields.joined(separator: ",") + "\n"
        }
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: self.output), options: .atomic)
        } catch {
            throw ChurnError(
                .invalidFile, .fatal, during: "write a customer base",
                advice: "\(self.output) cannot be written; check that its folder exists", underlying: error)
        }
    }

    /// A simulated value needs no quotes: its texts are the domain's categories, which hold no comma.
    private static func field(_ value: FeatureValue) -> String {
        switch value {
        case .missing: ""
        case .number(let number) where number == number.rounded() && abs(number) < 1e15: String(Int64(number))
        case .number(let number): number.description
        case .text(let text): text
        case .boolean(let flag): flag ? "true" : "false"
        }
    }
}
