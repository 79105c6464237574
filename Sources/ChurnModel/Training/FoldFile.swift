import ChurnCore
package import ChurnFiles

/// The fold of each customer, for one repetition of cross-validation.
public struct FoldColumn: Hashable, Sendable {
    /// The repetition's name.
    public var name: String
    /// The number of each customer's fold, in the customers' order.
    public var folds: [Int]

    /// Creates a repetition.
    public init(name: String, folds: [Int]) {
        self.name = name
        self.folds = folds
    }
}

/// Reads fold numbers from a CSV file.
///
/// It has a line for each customer, in the order of the customers' file, and a column for each repetition. A first line of names is optional.
public enum FoldFile {
    /// Reads a file.
    ///
    /// - `rows`: how many customers there are; the file must have as many lines.
    public static func read(path: String, rows: Int) throws -> [FoldColumn] {
        try Self.read(CSVReader(path: path), rows: rows)
    }

    /// Reads an input, as ``read(path:rows:)`` a file.
    package static func read(_ input: CSVInput, rows: Int) throws -> [FoldColumn] {
        try Self.read(input.reader(), rows: rows)
    }

    /// Reads from memory; `name` stands for the file in errors.
    public static func read(bytes: [UInt8], name: String, rows: Int) throws -> [FoldColumn] {
        try Self.read(CSVReader(bytes: bytes, name: name), rows: rows)
    }

    private static func read(_ file: CSVReader, rows: Int) throws -> [FoldColumn] {
        var reader = file
        var columns: [FoldColumn] = []
        while let record = try reader.next() {
            if record.isBlank { continue }
            let texts = (0..<record.count).map { record.text(at: $0) }
            let numbers = texts.compactMap { Int($0) }
            if columns.isEmpty {
                let hasNames = numbers.isEmpty
                columns = texts.enumerated().map { FoldColumn(name: hasNames ? $1 : "\($0 + 1)", folds: []) }
                if hasNames { continue }
            }
            guard numbers.count == columns.count, texts.count == columns.count else {
                throw Self.error(reader, "line \(record.line) must hold \(columns.count) whole numbers")
            }
            for index in columns.indices { columns[index].folds.append(numbers[index]) }
        }
        let count = columns.first?.folds.count ?? 0
        guard count == rows else {
            throw Self.error(
                reader, "there are \(count) fold numbers for \(rows) customers; they must match row by row")
        }
        guard columns.allSatisfy({ Set($0.folds).count > 1 }) else {
            throw Self.error(reader, "a column has only one fold; cross-validation needs two at least")
        }
        return columns
    }

    private static func error(_ reader: CSVReader, _ what: String) -> ChurnError {
        ChurnError(.invalidFile, .fatal, during: "read a fold file", advice: "\(reader.name): \(what)")
    }
}
