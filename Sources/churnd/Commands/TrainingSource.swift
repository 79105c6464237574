import ArgumentParser
import ChurnCore
import ChurnFiles
import ChurnModel
import ChurnStore

/// The source of labelled customers: a CSV file, or the database with labels from a table or a file.
struct TrainingSource: ParsableArguments {
    @Argument(
        help: "A CSV file with the domain's id, features and label; a pipe, or - for standard input.",
        completion: .file(extensions: ["csv"]))
    var file: String?

    @Flag(help: "Take features from the users table instead of a file.")
    var fromDatabase = false

    @Option(help: "With --from-database: a CSV file with the domain's id and label columns.")
    var labelFile: String?

    @Option(help: "With --from-database: a table or view of labels, such as analytics.churned.")
    var labelTable: String?

    @Option(help: "The label table's column of customers' ids (default: the domain's id column).")
    var labelId: String?

    @Option(help: "The label table's column of labels (default: the domain's label, in lower case).")
    var labelColumn: String?

    @OptionGroup(title: "Rows") var rows: CustomerFileOptions

    func validate() throws {
        guard self.fromDatabase else {
            guard self.file != nil else { throw ValidationError("Name a CSV file, or use --from-database.") }
            guard self.labelFile == nil, self.labelTable == nil else {
                throw ValidationError("--label-file and --label-table go with --from-database.")
            }
            return
        }
        guard self.file == nil, (self.labelFile == nil) != (self.labelTable == nil) else {
            throw ValidationError("--from-database needs either --label-file or --label-table, and no CSV file.")
        }
    }

    /// Reads the customers; says on standard output who was left out.
    func read(_ domain: Domain, _ given: ConfigurationFlags) async throws -> TrainingData {
        if let file = self.file {
            let input = try self.rows.encoding.input(file)
            return try TrainingData.read(input, domain: domain, policy: self.rows.bulkPolicy) { self.rows.report($0) }
        }
        return try await Deployment(given).withStore { store in
            let labels = try await self.labels(domain, store)
            let (customers, unlabelled) = try await store.labelledCustomers(labels.churned)
            let strangers = labels.churned.count - customers.count
            print(
                "\(customers.count) customers have a label; \(unlabelled) without one are left out, and \(strangers)"
                    + " labels belong to no customer in users")
            let usable = customers.filter { $0.customer.features.allSatisfy(\.isUsable) }
            ErrorReport.remark(unread: customers.count - usable.count, "learned from")
            return try TrainingData(customers: usable, domain: domain)
        }
    }

    private func labels(_ domain: Domain, _ store: PostgresStore) async throws -> CustomerLabels {
        if let file = self.labelFile { return try CustomerLabels.read(CSVInput(argument: file), domain: domain) }
        let table = try LabelTable(
            table: self.labelTable ?? "", id: self.labelId ?? domain.idColumn,
            label: self.labelColumn ?? domain.label.name.lowercased())
        var labels = CustomerLabels(domain: domain, column: table.label)
        for (id, text) in try await store.labels(in: table) { try labels.add(text, of: id, at: "table \(table.name)") }
        return labels
    }
}
