/// A customer out of a file, with what became of it where the file says so.
public struct LabelledCustomer: Hashable, Sendable {
    /// The customer.
    public var customer: CustomerState
    /// Whether the customer left; nil where the file has no label column.
    public var hasChurned: Bool?

    /// Creates a labelled customer.
    public init(customer: CustomerState, hasChurned: Bool?) {
        self.customer = customer
        self.hasChurned = hasChurned
    }
}

/// Reads customers from a CSV file as a domain describes them, in memory that grows only with the ids.
///
/// Column names match without regard to case. An empty field, or one of blanks only, is a missing value. A wrong file
/// is an error that names the file, the line and the column, never a value.
public struct CustomerFile {
    /// Whether the label column must be there.
    public enum LabelRule: Hashable, Sendable {
        /// Read where it is there (import, scoring).
        case optional
        /// An error where it is not there (training).
        case required
    }

    private let layout: CustomerFileLayout
    private var reader: CSVReader
    private var lines: [String: Int] = [:]

    /// Whether the file has the label column.
    public var hasLabel: Bool { self.layout.hasLabel }

    /// Opens a file and checks its header.
    public init(path: String, domain: Domain, label: LabelRule = .optional) throws {
        try self.init(reader: CSVReader(path: path), domain: domain, label: label)
    }

    /// Reads from memory; `name` stands for the file in errors.
    public init(bytes: [UInt8], name: String, domain: Domain, label: LabelRule = .optional) throws {
        try self.init(reader: CSVReader(bytes: bytes, name: name), domain: domain, label: label)
    }

    private init(reader: CSVReader, domain: Domain, label: LabelRule) throws {
        self.reader = reader
        guard let header = try self.reader.next(), !header.isBlank else {
            throw self.reader.error("the file is empty; its first line must name the columns")
        }
        switch CustomerFileLayout.reading(header, domain: domain, label: label) {
        case .success(let layout): self.layout = layout
        case .failure(let faults): throw self.reader.error(faults.texts.joined(separator: "; "))
        }
    }

    /// The next customer; nil at the end of the file.
    ///
    /// Empty lines are skipped.
    public mutating func next() throws -> LabelledCustomer? {
        while let record = try self.reader.next() {
            if record.isBlank { continue }
            guard record.count == self.layout.columns.count else {
                throw self.reader.error(
                    "there are \(record.count) fields, but the header has \(self.layout.columns.count)")
            }
            let row: LabelledCustomer
            switch self.layout.customer(in: record) {
            case .success(let customer): row = customer
            case .failure(let faults): throw self.reader.error(faults.texts.joined(separator: "; "))
            }
            if let earlier = self.lines.updateValue(record.line, forKey: row.customer.id) {
                throw self.reader.error("the customer's id is already on line \(earlier)")
            }
            return row
        }
        return nil
    }

    /// The next customers, at most `limit`; empty at the end of the file.
    public mutating func nextChunk(of limit: Int) throws -> [LabelledCustomer] {
        var chunk: [LabelledCustomer] = []
        while chunk.count < limit, let row = try self.next() { chunk.append(row) }
        return chunk
    }

    /// All customers of a file.
    public static func readAll(
        path: String, domain: Domain, label: LabelRule = .optional
    ) throws -> [LabelledCustomer] {
        var file = try CustomerFile(path: path, domain: domain, label: label)
        return try file.nextChunk(of: .max)
    }
}
