import ChurnCore

/// One record of a CSV file, with the line that it begins on.
public struct CSVRecord: Sendable {
    /// The line of the file on which the record begins, from 1.
    public internal(set) var line = 1
    var bytes: [UInt8] = []
    var ends: [Int] = []

    /// The number of fields in the record.
    public var count: Int { self.ends.count }

    /// Whether the record is an empty line, or one of separators and blanks only, as spreadsheets leave at the end.
    public var isBlank: Bool { self.bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 } }

    /// The bytes of the field at `index`, without quotes; checked to be UTF-8.
    public func bytes(at index: Int) -> ArraySlice<UInt8> {
        self.bytes[(index == 0 ? 0 : self.ends[index - 1])..<self.ends[index]]
    }

    /// The text of the field at `index`.
    public func text(at index: Int) -> String { String(decoding: self.bytes(at: index), as: UTF8.self) }

    mutating func begin(line: Int) {
        self.line = line
        self.bytes.removeAll(keepingCapacity: true)
        self.ends.removeAll(keepingCapacity: true)
    }

    /// Forgets the bytes of the field that is being read, where they are blanks only; else false.
    mutating func dropBlankField() -> Bool {
        let start = self.ends.last ?? 0
        guard self.bytes[start...].allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { return false }
        self.bytes.removeSubrange(start...)
        return true
    }

    mutating func endField() { self.ends.append(self.bytes.count) }

    var isASCII: Bool { !self.bytes.contains { $0 >= 0x80 } }

    /// Takes the bytes as Windows-1252; false where they are not.
    mutating func readAsWindows() -> Bool {
        var record = CSVRecord()
        for index in self.ends.indices {
            guard let text = CSVEncoding.utf8(windows: self.bytes(at: index)) else { return false }
            record.bytes += text
            record.endField()
        }
        (self.bytes, self.ends) = (record.bytes, record.ends)
        return true
    }

    /// The first field that is not UTF-8; nil where all are.
    func firstInvalidField() -> Int? {
        self.ends.indices.first { String(validating: self.bytes(at: $0), as: UTF8.self) == nil }
    }
}
