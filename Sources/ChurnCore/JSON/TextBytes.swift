/// Bytes that grow, for text that is written in many short pieces.
///
/// An array checks at every piece whether it is shared, which takes as long as writing the piece.
struct TextBytes: ~Copyable {
    private var start: UnsafeMutablePointer<UInt8>
    private var capacity = 1_024
    private(set) var count = 0

    init() { self.start = .allocate(capacity: self.capacity) }

    deinit { self.start.deallocate() }

    /// Makes room for this many bytes more, so that they are not moved while they come.
    mutating func reserve(_ more: Int) {
        if more > self.capacity - self.count { self.grow(to: self.count + more) }
    }

    /// Appends what `write` puts into room for `most` bytes; it returns how many they are, at most that.
    @inline(__always)
    mutating func append(limit: Int, _ write: (UnsafeMutableBufferPointer<UInt8>) -> Int) {
        if limit > self.capacity - self.count { self.grow(to: max(2 * self.capacity, self.count + limit)) }
        let written = write(UnsafeMutableBufferPointer(start: self.start + self.count, count: limit))
        assert((0...limit).contains(written), "more was written than there was room for")
        self.count += written
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        self.append(limit: 1) { room in
            room[0] = byte
            return 1
        }
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.append(limit: bytes.count) { $0.update(fromContentsOf: bytes) }
    }

    @inline(__always)
    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { self.append($0) }
    }

    /// Forgets all bytes and keeps the room.
    mutating func removeAll() { self.count = 0 }

    private mutating func grow(to capacity: Int) {
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: self.start, count: self.count)
        self.start.deallocate()
        self.start = larger
        self.capacity = capacity
    }

    /// Calls `body` with all bytes, which are valid until it returns.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try body(UnsafeRawBufferPointer(start: self.start, count: self.count))
    }
}
