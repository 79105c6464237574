import ChurnCore

/// The facts of a block's updates: read when the first reader asks, and kept for all others and for every segment of
/// the block.
final class BlockFacts: Sendable {
    private let column: FactsColumn?
    private let count: Int
    private let read = Locked<[UpdateFacts]??>(nil)

    init(of block: UpdateBlock) { (self.column, self.count) = (block.facts, block.count) }

    /// By the update's place in the block; nil where they were not kept.
    var all: [UpdateFacts]? {
        self.read.withLock { read in
            if let read { return read }
            let facts = self.column?.read(self.count)
            read = .some(facts)
            return facts
        }
    }

    /// How many bytes they take, about, once they are read.
    var byteCount: Int { (self.column?.byteCount ?? 0) + self.count * MemoryLayout<UpdateFacts>.stride }
}
