public import ChurnCore

/// The outcomes of customers, by id, from a file or a table apart from their features.
public struct CustomerLabels: Hashable, Sendable {
    /// Whether each customer left.
    public private(set) var churned: [CustomerKey: Bool] = [:]
    private let label: LabelColumn
    private let column: String?

    /// Starts without labels; the domain says what they look like.
    ///
    /// - `column`: the name of the column that they come from, where it is not the label's: a yes or no says
    ///   what that name asks.
    public init(domain: Domain, column: String? = nil) {
        self.label = domain.label
        self.column = column
    }

    /// Adds a label.
    ///
    /// - `text`: the domain's value for leaving or staying, or a yes or no; a missing one (nil or empty) is passed over.
    /// - `place`: where it stands, for errors.
    public mutating func add(_ text: String?, of id: String, at place: String) throws {
        guard let text, !text.isEmpty else { return }
        guard let hasChurned = self.label.reading(of: text, column: self.column) else {
            throw Self.error("\(place): a label must be \(self.label.choices)")
        }
        if let other = self.churned.updateValue(hasChurned, forKey: CustomerKey(id)), other != hasChurned {
            throw Self.error("\(place): a customer has two different labels; keep one of them")
        }
    }

    /// Reads a CSV file that has the domain's id and label among its columns.
    public static func read(path: String, domain: Domain) throws -> CustomerLabels {
        try Self.read(CSVReader(path: path), domain)
    }

    /// Reads an input, as ``read(path:domain:)`` a file.
    package static func read(_ input: CSVInput, domain: Domain) throws -> CustomerLabels {
        try Self.read(input.reader(), domain)
    }

    /// Reads from memory; `name` stands for the file in errors.
    public static func read(bytes: [UInt8], name: String, domain: Domain) throws -> CustomerLabels {
        try Self.read(CSVReader(bytes: bytes, name: name), domain)
    }

    private static func read(_ file: CSVReader, _ domain: Domain) throws -> CustomerLabels {
        var reader = file
        var labels = CustomerLabels(domain: domain)
        var columns: (id: Int, label: Int)?
        while let record = try reader.next() {
            if record.isBlank { continue }
            guard let (id, label) = columns else {
                let names = CSVHeader.names(record).map { $0.lowercased() }
                guard let id = names.firstIndex(of: domain.idName.lowercased()),
                    let label = names.firstIndex(of: domain.label.name.lowercased())
                else {
                    throw Self.error(
                        "\(reader.name): the first line must name the columns '\(domain.idName)' and "
                            + "'\(domain.label.name)'")
                }
                columns = (id, label)
                continue
            }
            let place = "\(reader.name), line \(record.line)"
            guard record.count > max(id, label) else { throw Self.error("\(place): fields are missing") }
            let customer = CSVField.identifier(CSVField.trimmed(record.text(at: id)))
            try labels.add(CSVField.trimmed(record.text(at: label)), of: customer, at: place)
        }
        return labels
    }

    private static func error(_ advice: String) -> ChurnError {
        ChurnError(.invalidFile, .fatal, during: "read customers' labels", advice: advice)
    }
}
