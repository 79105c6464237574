import ChurnCore

/// The types that parameters are sent as, by their object ids, which are fixed in PostgreSQL's catalogue.
enum ElementType: UInt32 {
    case boolean = 16
    case bytes = 17
    case int64 = 20
    case int32 = 23
    case text = 25
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

    mutating func null() { self.spans.append(Span(offset: 0, length: -1)) }
    mutating func int64(_ value: Int64) { self.add { $0.appendBigEndian(value) } }
    mutating func int32(_ value: Int32) { self.add { $0.appendBigEndian(value) } }
    mutating func text(_ value: String) { self.add { $0.append(contentsOf: value.utf8) } }
    mutating func bytes(_ value: [UInt8]) { self.add { $0.append(contentsOf: value) } }
    mutating func timestamp(_ value: Timestamp) { self.add { $0.appendBigEndian(value.postgresMicroseconds) } }

    mutating func int64(_ value: Int64?) { if let value { self.int64(value) } else { self.null() } }
    mutating func text(_ value: String?) { if let value { self.text(value) } else { self.null() } }

    /// Adds a one-dimensional array with one element for each row.
    mutating func array<Rows: Collection>(
        of type: ElementType, _ rows: Rows, _ append: (inout ArrayElements, Rows.Element) -> Void
    ) {
        let start = self.bytes.count
        var elements = ArrayElements(bytes: self.bytes)
        self.bytes = []
        elements.bytes.appendBigEndian(Int32(rows.isEmpty ? 0 : 1))
        elements.bytes.appendBigEndian(Int32(1))  // may hold NULLs
        elements.bytes.appendBigEndian(type.rawValue)
        if !rows.isEmpty {
            elements.bytes.appendBigEndian(Int32(rows.count))
            elements.bytes.appendBigEndian(Int32(1))
        }
        for row in rows { append(&elements, row) }
        self.bytes = elements.bytes
        self.spans.append(Span(offset: start, length: self.bytes.count - start))
    }
}

/// The elements of an array parameter.
struct ArrayElements {
    fileprivate(set) var bytes: [UInt8]

    mutating func null() { self.bytes.appendBigEndian(Int32(-1)) }

    mutating func int64(_ value: Int64) {
        self.bytes.appendBigEndian(Int32(8))
        self.bytes.appendBigEndian(value)
    }

    mutating func int32(_ value: Int32) {
        self.bytes.appendBigEndian(Int32(4))
        self.bytes.appendBigEndian(value)
    }

    mutating func double(_ value: Double) { self.int64(Int64(bitPattern: value.bitPattern)) }
    mutating func timestamp(_ value: Timestamp) { self.int64(value.postgresMicroseconds) }

    mutating func boolean(_ value: Bool) {
        self.bytes.appendBigEndian(Int32(1))
        self.bytes.append(value ? 1 : 0)
    }

    mutating func text(_ value: String) {
        let utf8 = value.utf8
        self.bytes.appendBigEndian(Int32(utf8.count))
        self.bytes.append(contentsOf: utf8)
    }

    mutating func bytes(_ value: [UInt8]) {
        self.bytes.appendBigEndian(Int32(value.count))
        self.bytes.append(contentsOf: value)
    }

    /// JSON text; the byte in front is the version of jsonb's binary form.
    mutating func json(_ value: [UInt8]) {
        self.bytes.appendBigEndian(Int32(value.count + 1))
        self.bytes.append(1)
        self.bytes.append(contentsOf: value)
    }

    mutating func int64(_ value: Int64?) { if let value { self.int64(value) } else { self.null() } }
    mutating func int32(_ value: Int32?) { if let value { self.int32(value) } else { self.null() } }
    mutating func double(_ value: Double?) { if let value { self.double(value) } else { self.null() } }
    mutating func text(_ value: String?) { if let value { self.text(value) } else { self.null() } }
    mutating func bytes(_ value: [UInt8]?) { if let value { self.bytes(value) } else { self.null() } }
    mutating func json(_ value: [UInt8]?) { if let value { self.json(value) } else { self.null() } }
    mutating func timestamp(_ value: Timestamp?) { if let value { self.timestamp(value) } else { self.null() } }
    mutating func boolean(_ value: Bool?) { if let value { self.boolean(value) } else { self.null() } }
}

extension [UInt8] {
    @inline(__always)
    fileprivate mutating func appendBigEndian(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { self.append(contentsOf: $0) }
    }
}
