import ChurnCore

/// The headers of a block's updates: read when the first reader asks, and kept for all others and for every segment of
/// the block.
final class BlockHeaders: Sendable {
    private let column: HeaderColumn?
    private let count: Int
    private let read = Locked<[UpdateHeader]??>(nil)

    init(of block: UpdateBlock) { (self.column, self.count) = (block.headers, block.count) }

    /// By the update's place in the block; nil where they were not kept.
    var all: [UpdateHeader]? {
        self.read.withLock { read in
            if let read { return read }
            let headers = self.column?.read(self.count)
            read = .some(headers)
            return headers
        }
    }

    /// The number of bytes that they take, about, once they are read.
    var byteCount: Int { (self.column?.byteCount ?? 0) + self.count * MemoryLayout<UpdateHeader>.stride }
}
