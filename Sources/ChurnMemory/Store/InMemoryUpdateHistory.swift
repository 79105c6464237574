import ChurnCore
import ChurnInsight

/// The update log's rows, bounded by a number of blocks for each partition and by their bytes.
struct InMemoryUpdateHistory: Sendable {
    private struct Row {
        var block: UpdateBlock
        var scores: BlockScores
        /// The order of commit over all partitions.
        var sequence: Int64
    }

    private struct Partition {
        var rows: [Row] = []
        /// Rows before this index are forgotten; they are cut off now and then, not one by one.
        var head = 0
        /// The last number that is no longer kept.
        var forgotten: Int64?

        /// The index of the first kept row that ends after `number`.
        func index(after number: Int64?) -> Int {
            guard let number else { return self.head }
            var low = self.head
            var high = self.rows.count
            while low < high {
                let middle = (low + high) / 2
                if let last = self.rows[middle].block.numbers.last, last > number {
                    high = middle
                } else {
                    low = middle + 1
                }
            }
            return low
        }

        /// Forgets the rows before an index, and returns how many bytes they had.
        mutating func forget(upTo index: Int) -> Int {
            guard index > self.head else { return 0 }
            var bytes = 0
            for place in self.head..<index {
                bytes += self.rows[place].block.bytes.count
                self.rows[place].block.bytes = []
            }
            self.forgotten = self.rows[index - 1].block.numbers.last ?? self.forgotten
            self.head = index
            if self.head > 64, self.head * 2 > self.rows.count {
                self.rows.removeFirst(self.head)
                self.head = 0
            }
            return bytes
        }
    }

    private var partitions: [StreamPartition: Partition] = [:]
    private var nextSequence: Int64 = 0
    private let blocksKept: Int
    private let bytesKept: Int
    private var bytes = 0

    init(blocksKept: Int, bytesKept: Int) { (self.blocksKept, self.bytesKept) = (max(1, blocksKept), bytesKept) }

    mutating func append(_ block: UpdateBlock, _ scores: BlockScores = BlockScores()) {
        guard !block.numbers.isEmpty else { return }
        var partition = self.partitions.removeValue(forKey: block.partition) ?? Partition()
        partition.rows.append(Row(block: block, scores: scores, sequence: self.nextSequence))
        self.nextSequence += 1
        self.bytes += block.bytes.count
        self.bytes -= partition.forget(upTo: partition.rows.count - self.blocksKept)
        self.partitions[block.partition] = partition
        while self.bytes > self.bytesKept, self.forgetOldest() {}
    }

    /// Forgets the oldest block of all; false where only the newest is left.
    private mutating func forgetOldest() -> Bool {
        let oldest = self.partitions.compactMap { key, partition in
            partition.head < partition.rows.count ? (key, partition.rows[partition.head].sequence) : nil
        }.min { $0.1 < $1.1 }
        guard let (key, sequence) = oldest, sequence < self.nextSequence - 1,
            var partition = self.partitions.removeValue(forKey: key)
        else { return false }
        self.bytes -= partition.forget(upTo: partition.head + 1)
        self.partitions[key] = partition
        return true
    }

    /// Forgets the blocks of a partition whose last number is at or below `number`.
    mutating func forget(_ key: StreamPartition, through number: Int64) {
        guard var partition = self.partitions.removeValue(forKey: key) else { return }
        self.bytes -= partition.forget(upTo: partition.index(after: number))
        self.partitions[key] = partition
    }

    func page(after cursor: UpdateCursor, limit: Int, bytes: Int) -> UpdatePage {
        self.pageWithScores(after: cursor, limit: limit, bytes: bytes).page
    }

    /// A page of the log in the order of the writes, and what each of its blocks says of scores.
    func pageWithScores(after cursor: UpdateCursor, limit: Int, bytes: Int) -> (page: UpdatePage, scores: [BlockScores])
    {
        let epochs = cursor.epochs
        var gaps: Set<StreamPartition> = []
        var heads: [(partition: Partition, index: Int)] = []
        for (key, partition) in self.partitions {
            let seen = cursor.seen[key]
            if seen == nil, let epoch = epochs[key.stream.name], epoch > key.stream.epoch { continue }
            if let forgotten = partition.forgotten, seen.map({ $0 < forgotten }) ?? true { gaps.insert(key) }
            let index = partition.index(after: seen)
            if index < partition.rows.count { heads.append((partition, index)) }
        }
        var (blocks, scores, size): ([UpdateBlock], [BlockScores], Int) = ([], [], 0)
        while blocks.count < limit, !heads.isEmpty {
            var oldest = 0
            for candidate in heads.indices where self.sequence(heads[candidate]) < self.sequence(heads[oldest]) {
                oldest = candidate
            }
            let row = heads[oldest].partition.rows[heads[oldest].index]
            size += row.block.bytes.count
            if size > bytes, !blocks.isEmpty { break }
            blocks.append(row.block)
            scores.append(row.scores)
            heads[oldest].index += 1
            if heads[oldest].index == heads[oldest].partition.rows.count { heads.remove(at: oldest) }
        }
        return (UpdatePage(blocks: blocks, gaps: gaps, hasMore: !heads.isEmpty), scores)
    }

    var end: UpdateCursor {
        UpdateCursor(
            seen: self.partitions.compactMapValues { partition in
                partition.head < partition.rows.count
                    ? partition.rows[partition.rows.count - 1].block.numbers.last : partition.forgotten
            })
    }

    private func sequence(_ head: (partition: Partition, index: Int)) -> Int64 {
        head.partition.rows[head.index].sequence
    }
}
