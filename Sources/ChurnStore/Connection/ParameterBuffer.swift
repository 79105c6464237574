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

    mutating func null() { self.spans.append(Span(offset: 0, length: -1)) }
    mutating func int64(_ value: Int64) { self.add { $0.appendBigEndian(value) } }
    mutating func int32(_ value: Int32) { self.add { $0.appendBigEndian(value) } }
    mutating func double(_ value: Double) { self.int64(Int64(bitPattern: value.bitPattern)) }
    mutating func text(_ value: String) { self.add { $0.append(contentsOf: value.utf8) } }
    mutating func bytes(_ value: [UInt8]) { self.add { $0.append(contentsOf: value) } }
    mutating func timestamp(_ value: Timestamp) { self.add { $0.appendBigEndian(value.postgresMicroseconds) } }

    mutating func int64(_ value: Int64?) { if let value { self.int64(value) } else { self.null() } }
    mutating func timestamp(_ value: Timestamp?) { if let value { self.timestamp(value) } else { self.null() } }
    mutating func text(_ value: String?) { if let value { self.text(value) } else { self.null() } }

    /// Adds a one-dimensional array with one element for each row.
    mutating func array<Rows: Collection>(
        of type: ElementType, _ rows: Rows, _ append: (inout ArrayElements, Rows.Element) -> Void
    ) {
        var elements = ArrayElements(capacity: rows.count * 16)
        for row in rows { append(&elements, row) }
        self.array(of: type, count: rows.count, elements)
        elements.free()
    }

    /// Adds an array of each type with `count` elements, in one pass over the rows.
    ///
    /// - Parameter append: gets the arrays and the row's place; must append one element to each array.
    mutating func arrays(
        of types: [ElementType], count: Int, _ append: (UnsafeMutableBufferPointer<ArrayElements>, Int) -> Void
    ) {
        withUnsafeTemporaryAllocation(of: ArrayElements.self, capacity: types.count) { columns in
            for index in types.indices {
                columns.initializeElement(at: index, to: ArrayElements(capacity: count * 16))
            }
            for row in 0..<count { append(columns, row) }
            for (type, elements) in zip(types, columns) {
                self.array(of: type, count: count, elements)
                elements.free()
            }
        }
    }

    private mutating func array(of type: ElementType, count: Int, _ elements: ArrayElements) {
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

/// The elements of an array parameter, in memory of their own while they are written.
///
/// A batch is some thirty arrays of a thousand elements; appending each to an array of bytes took a third of the time
/// that the server takes to write them.
struct ArrayElements {
    private var memory: UnsafeMutableRawBufferPointer
    private var count = 0

    fileprivate init(capacity: Int) {
        self.memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(capacity, 64), alignment: 1)
    }

    fileprivate func free() { self.memory.deallocate() }

    fileprivate var written: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(self.memory)[..<self.count])
    }

    @inline(__always)
    private mutating func reserve(_ more: Int) {
        if self.count + more > self.memory.count { self.grow(more) }
    }

    private mutating func grow(_ more: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(self.memory.count * 2, self.count + more), alignment: 1)
        larger.copyMemory(from: self.written)
        self.memory.deallocate()
        self.memory = larger
    }

    @inline(__always)
    private mutating func store<Value: FixedWidthInteger>(_ value: Value) {
        self.memory.storeBytes(of: value.bigEndian, toByteOffset: self.count, as: Value.self)
        self.count += MemoryLayout<Value>.size
    }

    @inline(__always)
    private mutating func store(_ source: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(rebasing: self.memory[self.count...]).copyMemory(from: source)
        self.count += source.count
    }

    mutating func null() {
        self.reserve(4)
        self.store(Int32(-1))
    }

    mutating func int64(_ value: Int64) {
        self.reserve(12)
        self.store(Int32(8))
        self.store(value)
    }

    mutating func int32(_ value: Int32) {
        self.reserve(8)
        self.store(Int32(4))
        self.store(value)
    }

    mutating func int16(_ value: Int16) {
        self.reserve(6)
        self.store(Int32(2))
        self.store(value)
    }

    mutating func real(_ value: Float) { self.int32(Int32(bitPattern: value.bitPattern)) }
    mutating func double(_ value: Double) { self.int64(Int64(bitPattern: value.bitPattern)) }
    mutating func timestamp(_ value: Timestamp) { self.int64(value.postgresMicroseconds) }

    mutating func boolean(_ value: Bool) {
        self.reserve(5)
        self.store(Int32(1))
        self.store(UInt8(value ? 1 : 0))
    }

    mutating func text(_ value: String) {
        var value = value
        value.withUTF8 { utf8 in
            self.reserve(4 + utf8.count)
            self.store(Int32(utf8.count))
            self.store(UnsafeRawBufferPointer(utf8))
        }
    }

    mutating func bytes(_ value: [UInt8]) {
        self.reserve(4 + value.count)
        self.store(Int32(value.count))
        value.withUnsafeBytes { self.store($0) }
    }

    /// JSON text; the byte in front is the version of jsonb's binary form.
    mutating func json(_ value: [UInt8]) {
        self.reserve(5 + value.count)
        self.store(Int32(value.count + 1))
        self.store(UInt8(1))
        value.withUnsafeBytes { self.store($0) }
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
