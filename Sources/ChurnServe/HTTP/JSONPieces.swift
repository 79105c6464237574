import ChurnCore

/// Pieces of JSON that are written again and again, put down beforehand.
struct JSONPieces: Sendable {
    /// All pieces, and as many bytes more as are copied at a time.
    private var bytes: [UInt8] = [UInt8](repeating: 0, count: JSONLine.step)
    /// Where each piece begins, and where the last one ends.
    private var starts = [0]

    /// How many there are.
    var count: Int { self.starts.count - 1 }
    /// The length of all of them together.
    var byteCount: Int { self.bytes.count - JSONLine.step }
    /// The length of the longest.
    var longest: Int { zip(self.starts, self.starts.dropFirst()).map { $1 - $0 }.max() ?? 0 }

    /// Puts a piece down; returns its place.
    mutating func add(_ piece: some Collection<UInt8>) -> Int {
        self.bytes.insert(contentsOf: piece, at: self.byteCount)
        self.starts.append(self.byteCount)
        return self.count - 1
    }

    /// Puts the JSON of a value down; returns its place.
    mutating func add(_ value: FeatureValue) -> Int {
        var json = JSONWriter()
        json.element(value)
        return self.add(json.bytes)
    }

    /// Calls `body` with where a piece begins and how long it is; eight bytes more than that can be read.
    @inline(__always)
    fileprivate func with(_ place: Int, _ body: (UnsafeRawPointer, Int) -> Void) {
        let start = self.starts[place]
        let count = self.starts[place + 1] - start
        self.bytes.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress { body(base + start, count) }
        }
    }
}

/// JSON on its way into room that is known to suffice, and has ``step`` bytes more.
struct JSONLine {
    /// So many bytes are copied at a time.
    static let step = MemoryLayout<UInt64>.size

    private let start: UnsafeMutablePointer<UInt8>
    private var next: UnsafeMutablePointer<UInt8>

    init(_ start: UnsafeMutablePointer<UInt8>) { (self.start, self.next) = (start, start) }

    /// How many bytes were written.
    var count: Int { self.next - self.start }

    @inline(__always)
    mutating func add(_ byte: UInt8) {
        self.next.pointee = byte
        self.next += 1
    }

    /// Adds a piece, and what stands behind it until the next addition.
    @inline(__always)
    mutating func add(_ pieces: JSONPieces, _ place: Int) {
        let target = UnsafeMutableRawPointer(self.next)
        var length = 0
        pieces.with(place) { source, count in
            while length < count {
                let word = source.loadUnaligned(fromByteOffset: length, as: UInt64.self)
                target.storeBytes(of: word, toByteOffset: length, as: UInt64.self)
                length += Self.step
            }
            length = count
        }
        self.next += length
    }

    /// Adds a text of a column.
    @inline(__always)
    mutating func add(_ texts: TextColumn, _ index: Int) {
        let range = texts.range(of: index)
        let room = UnsafeMutableBufferPointer(start: self.next, count: range.count * JSONEscapes.longest + 2)
        self.next += texts.bytes.withUnsafeBufferPointer { bytes in
            JSONEscapes.quote(UnsafeBufferPointer(rebasing: bytes[range]), into: room)
        }
    }

    @inline(__always)
    mutating func add(_ number: Int64) { self.next += JSONNumbers.write(number, into: self.room) }

    /// Adds a number, or null for what is none.
    @inline(__always)
    mutating func add(_ number: Double?) { self.next += JSONNumbers.write(number, into: self.room) }

    @inline(__always)
    mutating func add(_ time: Timestamp) { self.next += time.writeJSON(into: self.room) }

    @inline(__always)
    private var room: UnsafeMutableBufferPointer<UInt8> {
        UnsafeMutableBufferPointer(start: self.next, count: JSONLine.longest)
    }

    /// No number and no time takes more bytes.
    static let longest = max(JSONNumbers.longest, Timestamp.longestISO8601 + 2)
}
