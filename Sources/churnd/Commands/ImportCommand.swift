import ArgumentParser
import ChurnCore
import ChurnFiles
import ChurnStore

/// `churnd import`: loads customers from a CSV file.
struct ImportCommand: ConfiguredCommand {
    static let about = CommandConfiguration(
        commandName: "import", abstract: "Load customers from a CSV file into users.",
        discussion: """
            Columns are matched by the domain's names; a label column is ignored. Customers that exist get the file's \
            features and keep their history. The file is checked as a whole before anything is written. Rows that \
            say the same of a customer are read once.
            """)

    @Argument(help: "A CSV file with the domain's id and features.", completion: .file(extensions: ["csv"]))
    var file: String
    @OptionGroup(title: "Rows") var rows: CustomerFileOptions

    func run(_ given: ConfigurationFlags) async throws {
        let deployment = try Deployment(given)
        try self.check(deployment.domain)
        var customers = try CustomerFile(
            path: self.file, domain: deployment.domain, policy: self.rows.policy)
        var (total, new) = (0, 0)
        try await deployment.withStore { store in
            while true {
                let chunk = try customers.nextChunk(of: 5_000)
                if chunk.isEmpty { break }
                new += try await store.importCustomers(chunk.map(\.customer))
                total += chunk.count
            }
        }
        print("imported \(total) customers, \(new) of them new")
    }

    /// Reads the file to its end once, so that a wrong line is found before the first customer is written.
    private func check(_ domain: Domain) throws {
        var customers = try CustomerFile(path: self.file, domain: domain, policy: self.rows.policy)
        while try !customers.nextChunk(of: 5_000).isEmpty {}
        self.rows.report(customers.notes)
    }
}
