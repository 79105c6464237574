import ChurnCore

/// Pieces of JSON that are written again and again, put down beforehand.
struct JSONPieces: Sendable {
    /// All pieces, and as many bytes more as are copied at a time.
    private var bytes: [UInt8] = [UInt8](repeating: 0, count: JSONLine.step)
    /// The start of each piece, and the end of the last one.
    private var starts = [0]

    /// The number of pieces.
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
        json.value(value)
        return self.add(json.bytes)
    }

    /// Calls `body` with where a piece begins and how long it is; eight bytes more than that can be read.
    @inline(__always)
    func with(_ place: Int, _ body: (UnsafeRawPointer, Int) -> Void) {
        let start = self.starts[place]
        let count = self.starts[place + 1] - start
        self.bytes.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress { body(base + start, count) }
        }
    }
}
