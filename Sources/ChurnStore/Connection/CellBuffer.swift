import ChurnCore

/// Values in PostgreSQL's binary form, each behind its length: the elements of an array, the fields of rows for COPY.
///
/// In memory of its own while it is written: a batch is tens of thousands of values, and appending each to an array of
/// bytes took a third of the time that the server takes to write them.
struct CellBuffer {
    private var memory: UnsafeMutableRawBufferPointer
    private var count = 0

    init(capacity: Int) {
        self.memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(capacity, 64), alignment: 1)
    }

    /// Ends the buffer's use.
    func free() { self.memory.deallocate() }

    /// The written bytes, valid until ``free()`` or the next value.
    var written: UnsafeRawBufferPointer {
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

    /// A one-dimensional array as one value.
    mutating func array<Rows: Collection>(
        of type: ElementType, _ rows: Rows, _ append: (inout CellBuffer, Rows.Element) -> Void
    ) {
        self.reserve(24)
        let start = self.count
        self.store(Int32(0))
        self.store(Int32(rows.isEmpty ? 0 : 1))
        self.store(Int32(1))  // may hold NULLs
        self.store(type.rawValue)
        if !rows.isEmpty {
            self.store(Int32(rows.count))
            self.store(Int32(1))
            for row in rows { append(&self, row) }
        }
        self.memory.storeBytes(
            of: Int32(clamping: self.count - start - 4).bigEndian, toByteOffset: start, as: Int32.self)
    }

    /// Begins the data of a COPY in binary form: its signature, and no flags or extension.
    mutating func beginCopy() {
        self.reserve(19)
        for byte in [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0x00] as [UInt8] { self.store(byte) }
        self.store(Int64(0))
    }

    /// Begins a row of a COPY.
    mutating func beginRow(of columns: Int) {
        self.reserve(2)
        self.store(Int16(columns))
    }

    /// Ends the data of a COPY.
    mutating func endCopy() {
        self.reserve(2)
        self.store(Int16(-1))
    }
}
