public import ChurnCore

/// Reads the outcomes of customers from a CSV file.
///
/// Three columns by their names, in any order and without regard to case: the domain's id (or `customer_id`),
/// `churned` (`yes`, `no`, `true`, `false`, `1`, `0`, or the domain's own values) and `date` (ISO 8601, with or without
/// a time; a date alone is its midnight in UTC). A time in the future is refused, but for the clocks' differences; a date
/// alone may be that of the earliest time zone's day.
public struct OutcomeFile {
    private let domain: Domain
    private var reader: CSVReader
    private let columns: (id: Int, churned: Int, date: Int)
    private let now: Timestamp
    /// The time by which the first time zone's day begins before that of UTC.
    private static let earliestZone = Duration.seconds(14 * 3_600)
    /// The name of the column that says who left.
    private let question: String

    /// Opens a file.
    public init(path: String, domain: Domain, now: Timestamp = .systemNow()) throws {
        try self.init(CSVReader(path: path), domain: domain, now: now)
    }

    /// Opens an input, as ``init(path:domain:now:)`` a file.
    package init(_ input: CSVInput, domain: Domain, now: Timestamp = .systemNow()) throws {
        try self.init(input.reader(), domain: domain, now: now)
    }

    /// Reads from memory; `name` stands for the file in errors.
    public init(bytes: [UInt8], name: String, domain: Domain, now: Timestamp = .systemNow()) throws {
        try self.init(CSVReader(bytes: bytes, name: name), domain: domain, now: now)
    }

    private init(_ reader: CSVReader, domain: Domain, now: Timestamp) throws {
        var reader = reader
        let header = try reader.next()
        let names = header.map(CSVHeader.names)?.map { $0.lowercased() } ?? []
        func column(_ wanted: String...) throws -> Int {
            if let index = names.firstIndex(where: wanted.contains) { return index }
            throw Self.error(reader.name, 1, "there is no column \(wanted.map { "'\($0)'" }.joined(separator: " or "))")
        }
        self.columns = (
            try column(domain.idName.lowercased(), domain.idColumn, "customer_id"),
            try column("churned", domain.label.name.lowercased()),
            try column("date", "churn_date")
        )
        self.question = names[self.columns.churned]
        self.reader = reader
        self.domain = domain
        self.now = now
    }

    /// The next outcomes, at most this many; empty at the end of the file.
    public mutating func nextChunk(of size: Int) throws -> [CustomerOutcome] {
        var chunk: [CustomerOutcome] = []
        while chunk.count < size, let record = try self.reader.next() {
            if !record.isBlank { chunk.append(try self.outcome(record)) }
        }
        return chunk
    }

    private func outcome(_ record: CSVRecord) throws -> CustomerOutcome {
        func refusal(_ what: String) -> ChurnError { Self.error(self.reader.name, record.line, what) }
        guard record.count > max(self.columns.id, self.columns.churned, self.columns.date) else {
            throw refusal("there are fewer fields than columns")
        }
        let id = CSVField.identifier(CSVField.trimmed(record.text(at: self.columns.id)))
        guard !id.isEmpty, id.isInNormalForm else { throw refusal("the customer id is empty or not in normal form") }
        guard
            let hasChurned = self.domain.label.reading(
                of: record.text(at: self.columns.churned), column: self.question)
        else {
            throw refusal("'churned' is neither yes nor no")
        }
        let date = CSVField.trimmed(record.text(at: self.columns.date))
        guard let time = Timestamp(iso8601: date) else {
            throw refusal("the date is not in ISO 8601, such as 2026-11-30 or 2026-11-30T12:00:00Z")
        }
        let isDay = date.utf8.count == "2026-11-30".utf8.count
        let ahead = CustomerOutcome.clockTolerance + (isDay ? Self.earliestZone : .zero)
        guard time <= self.now.advanced(by: ahead) else {
            throw refusal("the date is in the future; an outcome is what has happened")
        }
        return CustomerOutcome(customerID: id, time: time, hasChurned: hasChurned)
    }

    private static func error(_ name: String, _ line: Int, _ what: String) -> ChurnError {
        ChurnError(.invalidFile, .fatal, during: "read outcomes", advice: "\(name), line \(line): \(what)")
    }
}
