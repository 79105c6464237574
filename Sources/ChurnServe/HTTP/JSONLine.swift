import ChurnCore
import ChurnInsight

/// JSON on its way into room that is known to suffice, and has ``step`` bytes more.
struct JSONLine {
    /// This many bytes are copied at a time.
    static let step = MemoryLayout<UInt64>.size

    private let start: UnsafeMutablePointer<UInt8>
    private var next: UnsafeMutablePointer<UInt8>

    init(_ start: UnsafeMutablePointer<UInt8>) { (self.start, self.next) = (start, start) }

    /// The number of bytes that were written.
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
