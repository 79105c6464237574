import ChurnCore

/// The types that parameters are sent as, by their object ids, which are fixed in PostgreSQL's catalogue.
enum ElementType: UInt32 {
    case boolean = 16
    case bytes = 17
    case int64 = 20
    case int16 = 21
    case int32 = 23
    case text = 25
    case real = 700
    case double = 701
    case timestamp = 1184
    case json = 3802
}

/// The parameters of one statement in PostgreSQL's binary form, in one buffer.
struct ParameterBuffer: Sendable {
    struct Span: Sendable {
        var offset: Int
        /// -1 for NULL.
        var length: Int
    }

    // Starts with a byte that is no parameter's, so that an empty parameter has an address too.
    private(set) var bytes: [UInt8] = [0]
    private(set) var spans: [Span] = []

    init(capacity: Int = 64) { self.bytes.reserveCapacity(capacity) }

    private mutating func add(_ write: (inout [UInt8]) -> Void) {
        let start = self.bytes.count
        write(&self.bytes)
        self.spans.append(Span(offset: start, length: self.bytes.count - start))
    }

    /// The cells of a row, a parameter each.
    init(_ cells: CellBuffer) {
        self.bytes += cells.written
        var start = 1
        while start < self.bytes.count {
            let length = self.bytes[start..<start + 4].reduce(Int32(0)) { $0 << 8 | Int32($1) }
            self.spans.append(Span(offset: start + 4, length: Int(length)))
            start += 4 + max(0, Int(length))
        }
    }

    mutating func null() { self.spans.append(Span(offset: 0, length: -1)) }
    mutating func int64(_ value: Int64) { self.add { $0.appendBigEndian(value) } }
    mutating func int32(_ value: Int32) { self.add { $0.appendBigEndian(value) } }
    mutating func double(_ value: Double) { self.int64(Int64(bitPattern: value.bitPattern)) }
    mutating func text(_ value: String) { self.add { $0.append(contentsOf: value.utf8) } }
    mutating func bytes(_ value: [UInt8]) { self.add { $0.append(contentsOf: value) } }
    mutating func timestamp(_ value: Timestamp) { self.add { $0.appendBigEndian(value.postgresMicroseconds) } }

    mutating func int32(_ value: Int32?) { if let value { self.int32(value) } else { self.null() } }
    mutating func int64(_ value: Int64?) { if let value { self.int64(value) } else { self.null() } }
    mutating func timestamp(_ value: Timestamp?) { if let value { self.timestamp(value) } else { self.null() } }
    mutating func text(_ value: String?) { if let value { self.text(value) } else { self.null() } }

    /// Adds a one-dimensional array with one element for each row.
    mutating func array<Rows: Collection>(
        of type: ElementType, _ rows: Rows, _ append: (inout CellBuffer, Rows.Element) -> Void
    ) {
        var elements = CellBuffer(capacity: rows.count * 16)
        for row in rows { append(&elements, row) }
        self.array(of: type, count: rows.count, elements)
        elements.free()
    }

    private mutating func array(of type: ElementType, count: Int, _ elements: CellBuffer) {
        self.add { bytes in
            bytes.appendBigEndian(Int32(count == 0 ? 0 : 1))
            bytes.appendBigEndian(Int32(1))  // may hold NULLs
            bytes.appendBigEndian(type.rawValue)
            if count == 0 { return }
            bytes.appendBigEndian(Int32(count))
            bytes.appendBigEndian(Int32(1))
            bytes.append(contentsOf: elements.written)
        }
    }
}

extension [UInt8] {
    @inline(__always)
    fileprivate mutating func appendBigEndian(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { self.append(contentsOf: $0) }
    }
}
