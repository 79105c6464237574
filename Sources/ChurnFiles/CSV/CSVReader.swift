import ChurnCore
import Foundation

/// Reads a CSV file (RFC 4180) record by record, in memory that does not grow with the file.
///
/// Fields are separated by commas, semicolons, tabs or bars, whichever the first lines show or a first line such as
/// `sep=;` says, and may be quoted; lines end in LF or CRLF, or all of them in CR; a byte order mark and blanks around
/// quotes are skipped. Letters are UTF-8, UTF-16 with a byte order mark, Windows-1252, or what was named. What the format does not allow
/// is an error that names the file, the line and the column. Our own code, since the errors must carry line numbers and
/// files of a million rows must stream.
public struct CSVReader {
    private enum State { case fieldStart, unquoted, quoted, quoteInQuoted, afterQuoted, carriageReturn }

    /// The file's name as it appears in errors.
    public let name: String
    /// The separator of fields; a comma before anything was read.
    public private(set) var delimiter = UInt8(ascii: ",")
    private let maximumRecordBytes: Int
    private let read: () throws -> [UInt8]
    private var chunk: [UInt8] = []
    private var position = 0
    private var line = 1
    private var isAtStart = true
    private var record = CSVRecord()
    /// The columns' names, for errors; empty until the first record was read.
    private var names: [String] = []
    private var sixteen: CSVEncoding.UTF16Rest?
    private var mustBeUTF8 = false
    private var endsInReturns = false
    private let encoding: TextEncoding?
    private var decoder: TextDecoder?
    private var doubt = LetterDoubt()

    /// The first line that was read as Windows-1252, since it is not UTF-8; nil where all of the file is UTF-8 so far.
    public private(set) var firstWindowsLine: Int?

    /// Opens a file.
    ///
    /// - `maximumRecordBytes`: a longer record is an error; it bounds what an unclosed quote can cost.
    public init(path: String, maximumRecordBytes: Int = 1 << 20) throws {
        try self.init(path: path, name: path, encoding: nil, maximumRecordBytes: maximumRecordBytes)
    }

    init(path: String, name: String, encoding: TextEncoding?, maximumRecordBytes: Int = 1 << 20) throws {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw ChurnError.outOfDescriptors(during: "open a CSV file")
                ?? ChurnError(
                    .invalidFile, .fatal, during: "open a CSV file", advice: "\(name) cannot be opened for reading")
        }
        self.init(name: name, encoding: encoding, maximumRecordBytes: maximumRecordBytes) {
            do {
                return [UInt8](try file.read(upToCount: 1 << 18) ?? Data())
            } catch {
                throw ChurnError(
                    .invalidFile, .fatal, during: "read a CSV file", advice: "\(name) cannot be read",
                    underlying: error)
            }
        }
    }

    /// Reads from memory; `name` stands for the file in errors.
    public init(bytes: [UInt8], name: String, maximumRecordBytes: Int = 1 << 20) {
        self.init(bytes: bytes, name: name, encoding: nil, maximumRecordBytes: maximumRecordBytes)
    }

    init(bytes: [UInt8], name: String, encoding: TextEncoding?, maximumRecordBytes: Int = 1 << 20) {
        var rest: [UInt8]? = bytes
        self.init(name: name, encoding: encoding, maximumRecordBytes: maximumRecordBytes) {
            defer { rest = nil }
            return rest ?? []
        }
    }

    private init(
        name: String, encoding: TextEncoding?, maximumRecordBytes: Int, read: @escaping () throws -> [UInt8]
    ) {
        self.name = name
        self.encoding = encoding
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
        case .fieldStart where self.record.count == 0:
            if self.doubt.isLargeAtEnd { throw self.otherEncoding }
            return nil
        case .quoted: throw self.error("a quoted field of the record that begins here is never closed")
        case .carriageReturn: throw self.error(Self.strayCarriageReturn)
        case .fieldStart, .unquoted, .quoteInQuoted, .afterQuoted:
            self.record.endField()
            return try self.finished()
        }
    }

    private static let strayCarriageReturn =
        "a carriage return outside quotes is not followed by a line feed; put the field in quotes"

    /// Takes one byte; true where it ended the record.
    private mutating func take(_ byte: UInt8, _ state: inout State) throws -> Bool {
        switch (state, byte) {
        case (_, 0):
            throw self.error("there is a NUL byte: it is no text file; save the table as CSV in UTF-8")
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
            throw self.error(
                "text follows the closing quote of \(self.field(self.record.count)); write a quote within quotes twice")
        case (.unquoted, UInt8(ascii: "\"")) where self.record.dropBlankField():
            state = .quoted
        case (.unquoted, UInt8(ascii: "\"")):
            throw self.error(
                "\(self.field(self.record.count)) has a quote inside but is not quoted; put it in quotes, and write the "
                    + "quote inside twice")
        case (.fieldStart, _), (.unquoted, _):
            self.record.bytes.append(byte)
            state = .unquoted
        }
        return false
    }

    private mutating func finished() throws -> CSVRecord {
        try self.checkLetters()
        if self.names.isEmpty { self.names = CSVHeader.names(self.record) }
        return self.record
    }

    /// Makes sure that the record is UTF-8, as the whole file is or was made to be.
    private mutating func checkLetters() throws {
        if self.record.isASCII { return }
        if let field = self.record.firstInvalidField() {
            if self.mustBeUTF8 || !self.record.readAsWindows() {
                throw self.error(
                    "\(self.field(field)) is not UTF-8; save the file as CSV in UTF-8, or name its encoding: "
                        + TextEncoding.names, code: .encodingUnclear)
            }
            if self.firstWindowsLine == nil { self.firstWindowsLine = self.record.line }
            for index in 0..<self.record.count { self.doubt.take(self.record.text(at: index)) }
            if self.doubt.isLarge { throw self.otherEncoding }
        } else {
            if let line = self.firstWindowsLine {
                throw self.error("this line is UTF-8 and line \(line) is not; save the file as CSV in UTF-8")
            }
            self.mustBeUTF8 = true
        }
    }

    private var otherEncoding: ChurnError {
        self.error(
            """
            the file is not UTF-8, and as Windows-1252 its words from line \(self.firstWindowsLine ?? 1) on are of no \
            language; save it as CSV in UTF-8, or name its encoding: \(TextEncoding.names)
            """, code: .encodingUnclear)
    }

    /// Returns a field's name in errors.
    private func field(_ index: Int) -> String {
        let name = self.names.indices.contains(index) ? self.names[index] : ""
        return "field \(index + 1)\(name.isEmpty ? "" : " ('\(name)')")"
    }

    /// Makes sure that there is a byte to take; false at the end of the file.
    private mutating func fill() throws -> Bool {
        while self.position >= self.chunk.count {
            self.chunk = try self.read()
            self.position = 0
            if self.isAtStart {
                try self.begin()
                continue
            }
            if self.chunk.isEmpty {
                if self.sixteen?.isOpen == true { throw self.error("the file ends within a letter of UTF-16") }
                if self.decoder?.isOpen == true { throw self.wrongEncoding }
                return false
            }
            try self.decode()
        }
        return true
    }

    /// The first bytes of a file: its letters, its separator and how its lines end.
    private mutating func begin() throws {
        self.isAtStart = false
        while self.chunk.count < 16 {
            let more = try self.read()
            if more.isEmpty { break }
            self.chunk += more
        }
        if let kind = Self.kind(self.chunk) { throw self.error("the file is \(kind), not CSV; save the table as CSV") }
        if let encoding = self.encoding, encoding != .utf8 {
            guard let decoder = TextDecoder(encoding) else {
                throw self.error("this system cannot read \(encoding.rawValue); save the file as CSV in UTF-8")
            }
            self.decoder = decoder
            self.mustBeUTF8 = true
        } else if self.encoding == .utf8 {
            self.mustBeUTF8 = true
        } else {
            self.sixteen = CSVEncoding.UTF16Rest(self.chunk)
        }
        if self.sixteen != nil {
            self.chunk.removeFirst(2)
        } else if self.chunk.starts(with: [0xEF, 0xBB, 0xBF]) {
            self.mustBeUTF8 = true
            self.chunk.removeFirst(3)
        }
        try self.decode()
        // The byte order mark of UTF-16 may be a letter by now.
        if self.decoder != nil, self.chunk.starts(with: [0xEF, 0xBB, 0xBF]) { self.chunk.removeFirst(3) }
        self.endsInReturns = self.chunk.contains(0x0D) && !self.chunk.contains(0x0A)
        if self.endsInReturns { self.endLines() }
        if let (delimiter, length) = CSVDelimiter.said(in: self.chunk) {
            self.delimiter = delimiter
            self.position = length
            self.line = 2
            self.record.begin(line: 2)
        } else {
            self.delimiter = CSVDelimiter.detect(in: self.chunk[...])
        }
    }

    private var wrongEncoding: ChurnError {
        self.error(
            "the file is not \(self.encoding?.rawValue ?? "") here; name its encoding: \(TextEncoding.names)",
            code: .encodingUnclear)
    }

    private mutating func decode() throws {
        if let decoder = self.decoder {
            guard let text = decoder.utf8(self.chunk[...]) else { throw self.wrongEncoding }
            self.chunk = text
        }
        if self.sixteen != nil {
            guard let text = self.sixteen?.utf8(self.chunk[...]) else {
                throw self.error("the file begins as UTF-16 and is none here; save it as CSV in UTF-8")
            }
            self.chunk = text
        }
        if self.endsInReturns { self.endLines() }
    }

    private mutating func endLines() {
        for index in self.chunk.indices where self.chunk[index] == 0x0D { self.chunk[index] = 0x0A }
    }

    /// Returns the kind of a file that people take for CSV; nil where it may be CSV.
    private static func kind(_ bytes: [UInt8]) -> String? {
        if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return "a spreadsheet (xlsx, ods) or another ZIP archive" }
        if bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) { return "a spreadsheet (xls)" }
        if bytes.starts(with: [0x1F, 0x8B]) { return "compressed with gzip" }
        if bytes.starts(with: Array("PAR1".utf8)) { return "a Parquet file" }
        return nil
    }

    /// An error at the record that was read last.
    func error(_ what: String, code: ChurnError.Code = .invalidFile) -> ChurnError {
        ChurnError(
            code, .fatal, during: "read a CSV file", advice: "\(self.name), line \(self.record.line): \(what)")
    }
}
