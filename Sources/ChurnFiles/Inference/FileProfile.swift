import ChurnCore

/// A whole customer file as it was found: its columns, and a sample of its rows.
struct FileProfile {
    private static let mostSampled = 20_000

    let name: String
    private(set) var columns: [ColumnProfile]
    let marks: NumberMarks
    private(set) var rows = 0
    /// The number of rows that were not counted, since their customer has an earlier one.
    private(set) var passedOver = 0
    /// The texts of some rows, evenly drawn.
    private(set) var sample: [[String]] = []
    private var random = SeededRandom(seed: 1)
    private var seen: Set<String> = []

    /// Reads a file to its end.
    ///
    /// - Parameters:
    ///   - id: the name of the id column; nil where there is none.
    ///   - label: the name of the label column.
    init(reading reader: CSVReader, id: String?, label: String) throws {
        var reader = reader
        guard let header = try reader.next(), !header.isBlank else {
            throw reader.error("the file is empty; its first line must name the columns")
        }
        let names = CSVHeader.names(header)
        try Self.check(names, asked: [id, label].compactMap { $0 }, reader)
        self.name = reader.name
        self.columns = names.map(ColumnProfile.init)
        self.marks = NumberMarks(delimiter: reader.delimiter)
        let idIndex = id.flatMap { id in names.firstIndex { $0.lowercased() == id.lowercased() } }
        while let record = try reader.next() {
            if record.isBlank { continue }
            if record.count > names.count,
                (names.count..<record.count).contains(where: { !CSVField.trimmed(record.text(at: $0)).isEmpty })
            {
                throw reader.error(CSVHeader.wrongCount(record, names.count))
            }
            self.take(record, id: idIndex)
        }
        if self.rows == 0 { throw reader.error("there is no row after the header") }
    }

    /// The index of the column of this name.
    func index(of name: String) -> Int? { self.columns.firstIndex { $0.name.lowercased() == name.lowercased() } }

    private static func check(_ names: [String], asked: [String], _ reader: CSVReader) throws {
        let seen = Set(names.map { $0.lowercased() })
        for name in asked where !seen.contains(name.lowercased()) {
            let near = ClosestName.of(name, in: names).map { "; did you mean '\($0)'?" } ?? ""
            let only = names.count == 1 ? "; it has one column: commas, semicolons, tabs or bars separate fields" : ""
            throw reader.error("the first line names no column '\(name)'\(near)\(only)")
        }
    }

    private mutating func take(_ record: CSVRecord, id: Int?) {
        let texts = self.columns.indices.map { $0 < record.count ? CSVField.trimmed(record.text(at: $0)) : "" }
        if let id {
            // The first row of a customer stands for all of them; without an id there is no customer.
            guard !CSVField.isMissing(texts[id]) else { return }
            guard self.seen.insert(CSVField.identifier(texts[id])).inserted else {
                self.passedOver += 1
                return
            }
        }
        self.rows += 1
        for index in self.columns.indices {
            self.columns[index].take(texts[index], line: record.line, marks: self.marks)
        }
        if self.sample.count < Self.mostSampled {
            self.sample.append(texts)
        } else {
            let place = self.random.index(below: self.rows)
            if place < Self.mostSampled { self.sample[place] = texts }
        }
    }
}
