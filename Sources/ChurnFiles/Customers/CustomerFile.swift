public import ChurnCore

/// Reads customers from a CSV file as a domain describes them, in memory that grows only with the number of customers.
///
/// Column names match without regard to case and to runs of blanks; the second column of a name is called `Name (2)`.
/// Lines that are empty or hold separators only are skipped. An empty field, or one of blanks only, NA, N/A, NaN
/// or null, is a missing value, unless it is one of the feature's listed categories. A domain without an id column
/// numbers the rows, from 1. A wrong file is an error that names the file, the line and the column, never a value.
public struct CustomerFile {
    /// The rule about the label column.
    public enum LabelRule: Hashable, Sendable {
        /// Read where it is there (import, scoring).
        case optional
        /// An error where it is not there (training).
        case required
    }

    /// A customer's earlier row.
    private struct Seen {
        var line: Int
        var digest: Int
    }

    private let layout: CustomerFileLayout
    private let policy: CustomerFilePolicy
    private let label: LabelRule
    private let numbersRows: Bool
    private var reader: CSVReader
    private var seen: [String: Seen] = [:]
    /// The last line of each customer, where it is the one that counts.
    private var lastLines: [String: Int]?
    private var rowNumber = 0
    private var ids = IDLengths()
    /// The digests of the rows of a file without ids.
    private var digests: Set<Int> = []

    /// The notes for a person about the rows that were read so far.
    public private(set) var notes = CustomerFileNotes()

    /// Whether the file has no ids, so that its rows are numbered.
    package var isNumbered: Bool { self.numbersRows }

    /// Whether the file has the label column.
    public var hasLabel: Bool { self.layout.hasLabel }

    /// Opens a file and checks its header.
    ///
    /// Where the last row of a customer counts, reads the whole file once.
    public init(
        path: String, domain: Domain, label: LabelRule = .optional, policy: CustomerFilePolicy = CustomerFilePolicy()
    ) throws {
        try self.init(CSVInput(path: path), domain: domain, label: label, policy: policy)
    }

    /// Opens an input, as ``init(path:domain:label:policy:)`` a file.
    package init(
        _ input: CSVInput, domain: Domain, label: LabelRule = .optional,
        policy: CustomerFilePolicy = CustomerFilePolicy()
    ) throws {
        try self.init(domain: domain, label: label, policy: policy) { try input.reader() }
    }

    /// Reads from memory; `name` stands for the file in errors.
    public init(
        bytes: [UInt8], name: String, domain: Domain, label: LabelRule = .optional,
        policy: CustomerFilePolicy = CustomerFilePolicy()
    ) throws {
        try self.init(domain: domain, label: label, policy: policy) { CSVReader(bytes: bytes, name: name) }
    }

    init(
        domain: Domain, label: LabelRule, policy: CustomerFilePolicy, open: () throws -> CSVReader
    ) throws {
        self.reader = try open()
        guard let header = try self.reader.next(), !header.isBlank else {
            throw self.reader.error("the file is empty; its first line must name the columns")
        }
        switch CustomerFileLayout.reading(
            header, domain: domain, label: label, marks: NumberMarks(delimiter: self.reader.delimiter))
        {
        case .success(let layout): self.layout = layout
        case .failure(let faults):
            throw self.reader.error(faults.texts.joined(separator: "; "), code: faults.code)
        }
        self.policy = policy
        self.label = label
        self.numbersRows = domain.numbersRows && !self.layout.hasID
        if policy.duplicates == .last, !self.numbersRows { try self.findLastLines(open()) }
    }

    /// The next customer; nil at the end of the file.
    ///
    /// Empty lines are skipped.
    public mutating func next() throws -> LabelledCustomer? {
        while let record = try self.reader.next() {
            self.notes.firstWindowsLine = self.reader.firstWindowsLine
            if record.isBlank { continue }
            self.rowNumber += 1
            guard let row = try self.customer(in: record), try self.counts(row, line: record.line) else { continue }
            if !self.numbersRows { self.ids.take(row.customer.id) }
            if row.customer.features.contains(.missing) { self.notes.withMissingValues.add(record.line) }
            return row
        }
        self.notes.idDoubt = self.ids.doubt
        return nil
    }

    /// Reads one record; nil where it is left out.
    private mutating func customer(in record: CSVRecord) throws -> LabelledCustomer? {
        let isShort = record.count < self.layout.columns.count
        if isShort {
            self.notes.short.add(record.line)
            if self.policy.incomplete == .skip { return nil }
        }
        if (isShort && self.policy.incomplete == .error) || self.layout.hasTooMuch(record) {
            throw self.reader.error(
                CSVHeader.wrongCount(record, self.layout.columns.count))
        }
        var row: LabelledCustomer
        var unlisted: [Int] = []
        switch self.layout.customer(in: record, unlisted: { unlisted.append($0) }) {
        case .success(let customer): row = customer
        case .failure(let faults) where faults.isTooLarge && self.policy.skipsUnreadableNumbers:
            self.notes.tooLarge.add(record.line)
            return nil
        case .failure(let faults): throw self.reader.error(faults.texts.joined(separator: "; "))
        }
        for feature in unlisted {
            self.notes.unlisted[self.layout.name(of: feature), default: .init()].add(record.line)
        }
        if self.numbersRows { row.customer.id = String(self.rowNumber) }
        if row.customer.id.isEmpty {
            guard self.policy.incomplete != .error else {
                throw self.reader.error("column '\(self.layout.idName)' is empty: a customer needs an id")
            }
            self.notes.withoutID.add(record.line)
            return nil
        }
        if self.label == .required, row.hasChurned == nil {
            guard self.policy.incomplete != .error else {
                throw self.reader.error("the label is empty: training needs it")
            }
            self.notes.withoutLabel.add(record.line)
            return nil
        }
        return row
    }

    /// Returns whether this row is the one of its customer that counts.
    private mutating func counts(_ row: LabelledCustomer, line: Int) throws -> Bool {
        if self.numbersRows {
            var said = Hasher()
            said.combine(row.customer.features)
            said.combine(row.hasChurned)
            if !self.digests.insert(said.finalize()).inserted { self.notes.equal.add(line) }
            return true
        }
        if let last = self.lastLines {
            if last[row.customer.id] == line { return true }
            self.notes.replaced.add(line)
            return false
        }
        guard let earlier = self.seen[row.customer.id] else {
            self.seen[row.customer.id] = Seen(line: line, digest: row.hashValue)
            return true
        }
        if earlier.digest == row.hashValue {
            self.notes.repeated.add(line)
            return false
        }
        guard self.policy.duplicates == .first else {
            throw self.reader.error(
                """
                the customer's id is already on line \(earlier.line), with other values; remove one of them, or choose \
                whether the first or the last row counts
                """, code: .customerRepeated)
        }
        self.notes.replaced.add(line)
        return false
    }

    private mutating func findLastLines(_ reader: CSVReader) throws {
        var reader = reader
        _ = try reader.next()
        var lines: [String: Int] = [:]
        while let record = try reader.next() {
            if record.isBlank || (self.policy.incomplete == .skip && record.count < self.layout.columns.count) {
                continue
            }
            guard !self.layout.lacksLabel(record, self.label) else { continue }
            lines[self.layout.id(in: record)] = record.line
        }
        self.lastLines = lines
    }

    /// The next customers, at most `limit`; empty at the end of the file.
    public mutating func nextChunk(of limit: Int) throws -> [LabelledCustomer] {
        var chunk: [LabelledCustomer] = []
        while chunk.count < limit, let row = try self.next() { chunk.append(row) }
        return chunk
    }

    /// All customers of a file.
    public static func readAll(
        path: String, domain: Domain, label: LabelRule = .optional, policy: CustomerFilePolicy = CustomerFilePolicy()
    ) throws -> [LabelledCustomer] {
        var file = try CustomerFile(path: path, domain: domain, label: label, policy: policy)
        return try file.nextChunk(of: .max)
    }
}
