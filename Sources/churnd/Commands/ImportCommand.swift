import ArgumentParser
import ChurnCore
import ChurnFiles
import ChurnStore

/// `churnd import`: loads customers from a CSV file.
struct ImportCommand: ConfiguredCommand {
    static let about = CommandConfiguration(
        commandName: "import", abstract: "Load customers from a CSV file into users.",
        discussion: """
            Columns are matched by the domain's names. Where the file has the label, customers who left by it are marked \
            as left: they are in no figure and no list until an event brings them back. --leavers skip leaves them out, \
            and --leavers keep loads them as the others. Customers that exist get the file's features and keep their \
            history. The file is checked as a whole before anything is written. Rows \
            that say the same of a customer are read once. Rows without ids are numbered from 1: a second such file is \
            refused unless --same-customers says that its rows are those of the first.
            """)

    /// What becomes of customers who left by the file's label.
    enum Leavers: String, CaseIterable, ExpressibleByArgument {
        case mark, skip, keep
    }

    @Argument(
        help: "A CSV file with the domain's id and features; a pipe, or - for standard input.",
        completion: .file(extensions: ["csv"]))
    var file: String
    @Option(help: "What becomes of customers who left by the file's label: mark, skip or keep.")
    var leavers: Leavers = .mark
    @Flag(help: "The numbered rows of a file without ids are the customers of the file before, in the same order.")
    var sameCustomers = false
    @OptionGroup(title: "Rows") var rows: CustomerFileOptions

    func run(_ given: ConfigurationFlags) async throws {
        let deployment = try Deployment(given)
        let input = try self.rows.encoding.input(self.file)
        let (isNumbered, left) = try self.check(input, deployment.domain)
        var customers = try CustomerFile(input, domain: deployment.domain, policy: self.rows.policy)
        var (total, new, known) = (0, 0, 0)
        let now = Timestamp.systemNow()
        try await deployment.withStore { store in
            if isNumbered, !self.sameCustomers, try await store.customerCount() > 0 { throw Self.otherCustomers }
            while true {
                let chunk = try customers.nextChunk(of: 5_000)
                if chunk.isEmpty { break }
                let here = chunk.compactMap { self.imported($0, at: now) }
                new += try await store.importCustomers(here)
                total += here.count
                if self.leavers == .skip {
                    known += try await store.states(for: chunk.filter { $0.hasChurned == true }.map(\.customer.id))
                        .count
                }
            }
        }
        if left > 0 { Self.remark(left, known, self.leavers) }
        print("imported \(total) customers, \(new) of them new")
    }

    /// A row's customer as it is to be stored; nil for one that is left out.
    private func imported(_ row: LabelledCustomer, at now: Timestamp) -> CustomerState? {
        guard row.hasChurned == true, self.leavers != .keep else { return row.customer }
        guard self.leavers == .mark else { return nil }
        var customer = row.customer
        customer.leftAt = now
        return customer
    }

    /// Reads the file to its end once, so that a wrong line is found before the first customer is written; returns
    /// whether its rows are numbered and how many of its customers left.
    private func check(_ input: CSVInput, _ domain: Domain) throws -> (isNumbered: Bool, left: Int) {
        var customers = try CustomerFile(input, domain: domain, policy: self.rows.policy)
        var left = 0
        while true {
            let chunk = try customers.nextChunk(of: 5_000)
            if chunk.isEmpty { break }
            left += chunk.count { $0.hasChurned == true }
        }
        self.rows.report(customers.notes)
        return (customers.isNumbered, left)
    }

    private static func remark(_ left: Int, _ known: Int, _ leavers: Leavers) {
        let count = left == 1 ? "1 customer" : "\(left) customers"
        let what =
            switch leavers {
            case .mark: "marked as left (`--leavers keep` loads them as the others, `--leavers skip` not at all)"
            case .skip: "left out (`--leavers mark` loads them, marked as left)"
            case .keep: "loaded all the same, and scored and alerted as others are"
            }
        ErrorReport.remark("\(count) left by the label; \(what)")
        guard known > 0 else { return }
        ErrorReport.remark(
            "\(known) of those who left \(known == 1 ? "is" : "are") in users from before, unchanged: delete them there, "
                + "or they are scored and alerted")
    }

    private static let otherCustomers = ChurnError(
        .customersNumbered, .fatal, during: "import customers",
        advice: """
            the file has no ids and users has customers already: its rows, numbered from 1, would overwrite them with \
            others; give the file an id column, or say that its rows are the same customers in the same order
            """)
}
