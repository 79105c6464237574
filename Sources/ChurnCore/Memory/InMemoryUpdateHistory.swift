/// The update log's rows, bounded by a number of blocks for each partition.
struct InMemoryUpdateHistory: Sendable {
    private struct Row {
        var block: UpdateBlock
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

        mutating func forget(upTo index: Int) {
            guard index > self.head else { return }
            self.forgotten = self.rows[index - 1].block.numbers.last ?? self.forgotten
            self.head = index
            if self.head > 64, self.head * 2 > self.rows.count {
                self.rows.removeFirst(self.head)
                self.head = 0
            }
        }
    }

    private var partitions: [StreamPartition: Partition] = [:]
    private var nextSequence: Int64 = 0
    private let blocksKept: Int

    init(blocksKept: Int) { self.blocksKept = max(1, blocksKept) }

    mutating func append(_ block: UpdateBlock) {
        guard !block.numbers.isEmpty else { return }
        var partition = self.partitions.removeValue(forKey: block.partition) ?? Partition()
        partition.rows.append(Row(block: block, sequence: self.nextSequence))
        self.nextSequence += 1
        partition.forget(upTo: partition.rows.count - self.blocksKept)
        self.partitions[block.partition] = partition
    }

    /// Forgets the blocks of a partition whose last number is at or below `number`.
    mutating func forget(_ key: StreamPartition, through number: Int64) {
        guard var partition = self.partitions.removeValue(forKey: key) else { return }
        partition.forget(upTo: partition.index(after: number))
        self.partitions[key] = partition
    }

    func page(after cursor: UpdateCursor, limit: Int) -> UpdatePage {
        var gaps: Set<StreamPartition> = []
        var heads: [(partition: Partition, index: Int)] = []
        for (key, partition) in self.partitions {
            let seen = cursor.seen[key]
            if let forgotten = partition.forgotten, seen.map({ $0 < forgotten }) ?? true { gaps.insert(key) }
            let index = partition.index(after: seen)
            if index < partition.rows.count { heads.append((partition, index)) }
        }
        var blocks: [UpdateBlock] = []
        while blocks.count < limit, !heads.isEmpty {
            var oldest = 0
            for candidate in heads.indices where self.sequence(heads[candidate]) < self.sequence(heads[oldest]) {
                oldest = candidate
            }
            blocks.append(heads[oldest].partition.rows[heads[oldest].index].block)
            heads[oldest].index += 1
            if heads[oldest].index == heads[oldest].partition.rows.count { heads.remove(at: oldest) }
        }
        return UpdatePage(blocks: blocks, gaps: gaps, hasMore: !heads.isEmpty)
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
