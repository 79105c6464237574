import Foundation

/// Reads a CSV file (RFC 4180) record by record, in memory that does not grow with the file.
///
/// Fields are separated by commas, semicolons, tabs or bars, whichever the first lines show, and may be quoted; lines
/// end in LF or CRLF; a byte order mark and blanks around quotes are skipped. What the format does not allow is an error
/// that names the file and the line. Our own code, since the errors must carry line
/// numbers and files of a million rows must stream.
public struct CSVReader {
    private enum State { case fieldStart, unquoted, quoted, quoteInQuoted, afterQuoted, carriageReturn }

    /// The file's name as it appears in errors.
    public let name: String
    /// What separates fields; a comma before anything was read.
    public private(set) var delimiter = UInt8(ascii: ",")
    private let maximumRecordBytes: Int
    private let read: () throws -> [UInt8]
    private var chunk: [UInt8] = []
    private var position = 0
    private var line = 1
    private var isAtStart = true
    private var record = CSVRecord()

    /// Opens a file.
    ///
    /// - Parameter maximumRecordBytes: a longer record is an error; it bounds what an unclosed quote can cost.
    public init(path: String, maximumRecordBytes: Int = 1 << 20) throws {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw ChurnError(
                .invalidFile, .fatal, during: "open a CSV file", advice: "\(path) cannot be opened for reading")
        }
        self.init(name: path, maximumRecordBytes: maximumRecordBytes) {
            do {
                return [UInt8](try file.read(upToCount: 1 << 18) ?? Data())
            } catch {
                throw ChurnError(
                    .invalidFile, .fatal, during: "read a CSV file", advice: "\(path) cannot be read",
                    underlying: error)
            }
        }
    }

    /// Reads from memory; `name` stands for the file in errors.
    public init(bytes: [UInt8], name: String, maximumRecordBytes: Int = 1 << 20) {
        var rest: [UInt8]? = bytes
        self.init(name: name, maximumRecordBytes: maximumRecordBytes) {
            defer { rest = nil }
            return rest ?? []
        }
    }

    private init(name: String, maximumRecordBytes: Int, read: @escaping () throws -> [UInt8]) {
        self.name = name
        self.maximumRecordBytes = maximumRecordBytes
        self.read = read
    }

    /// The next record; nil at the end of the file.
    ///
    /// Empty lines are records too (see ``CSVRecord/isBlank``).
    public mutating func next() throws -> CSVRecord? {
        self.record.begin(line: self.line)
        var state = State.fieldStart
        while try self.fill() {
            let byte = self.chunk[self.position]
            self.position += 1
            if byte == UInt8(ascii: "\n") { self.line += 1 }
            if try self.take(byte, &state) { return try self.finished() }
            if self.record.bytes.count > self.maximumRecordBytes {
                throw self.error("the record that begins here is longer than \(self.maximumRecordBytes) bytes")
            }
        }
        switch state {
        case .fieldStart where self.record.count == 0: return nil
        case .quoted: throw self.error("a quoted field of the record that begins here is never closed")
        case .carriageReturn: throw self.error(Self.strayCarriageReturn)
        case .fieldStart, .unquoted, .quoteInQuoted, .afterQuoted:
            self.record.endField()
            return try self.finished()
        }
    }

    private static let strayCarriageReturn = "a carriage return outside quotes is not followed by a line feed"

    /// Takes one byte; true where it ended the record.
    private mutating func take(_ byte: UInt8, _ state: inout State) throws -> Bool {
        switch (state, byte) {
        case (_, 0):
            throw self.error("there is a NUL byte; is it a text file in UTF-8?")
        case (.quoted, UInt8(ascii: "\"")):
            state = .quoteInQuoted
        case (.quoted, _):
            self.record.bytes.append(byte)
        case (.carriageReturn, UInt8(ascii: "\n")):
            return true
        case (.carriageReturn, _):
            throw self.error(Self.strayCarriageReturn)
        case (_, self.delimiter):
            self.record.endField()
            state = .fieldStart
        case (_, UInt8(ascii: "\n")):
            self.record.endField()
            return true
        case (_, UInt8(ascii: "\r")):
            self.record.endField()
            state = .carriageReturn
        case (.fieldStart, UInt8(ascii: "\"")):
            state = .quoted
        case (.quoteInQuoted, UInt8(ascii: "\"")):
            self.record.bytes.append(byte)
            state = .quoted
        case (.quoteInQuoted, UInt8(ascii: " ")), (.quoteInQuoted, UInt8(ascii: "\t")),
            (.afterQuoted, UInt8(ascii: " ")),
            (.afterQuoted, UInt8(ascii: "\t")):
            state = .afterQuoted
        case (.quoteInQuoted, _), (.afterQuoted, _):
            throw self.error("text follows the closing quote of field \(self.record.count + 1)")
        case (.unquoted, UInt8(ascii: "\"")) where self.record.dropBlankField():
            state = .quoted
        case (.unquoted, UInt8(ascii: "\"")):
            throw self.error("field \(self.record.count + 1) has a quote inside but is not quoted")
        case (.fieldStart, _), (.unquoted, _):
            self.record.bytes.append(byte)
            state = .unquoted
        }
        return false
    }

    private func finished() throws -> CSVRecord {
        if let field = self.record.firstInvalidField() {
            throw self.error("field \(field + 1) is not UTF-8")
        }
        return self.record
    }

    /// Makes sure that there is a byte to take; false at the end of the file.
    private mutating func fill() throws -> Bool {
        if self.position < self.chunk.count { return true }
        self.chunk = try self.read()
        self.position = 0
        guard self.isAtStart else { return !self.chunk.isEmpty }
        self.isAtStart = false
        while self.chunk.count < 3 {
            let more = try self.read()
            if more.isEmpty { break }
            self.chunk += more
        }
        if self.chunk.starts(with: [0xEF, 0xBB, 0xBF]) { self.position = 3 }
        if self.chunk.starts(with: [0xFF, 0xFE]) || self.chunk.starts(with: [0xFE, 0xFF]) {
            throw self.error("the file is UTF-16; save it as UTF-8")
        }
        self.delimiter = CSVDelimiter.detect(in: self.chunk[self.position...])
        return self.position < self.chunk.count
    }

    /// An error at the record that was read last.
    func error(_ what: String) -> ChurnError {
        ChurnError(
            .invalidFile, .fatal, during: "read a CSV file", advice: "\(self.name), line \(self.record.line): \(what)")
    }
}
