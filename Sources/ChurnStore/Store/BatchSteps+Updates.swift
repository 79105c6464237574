import ChurnCore

extension BatchSteps {
    /// Up to how many frames all blocks of a batch go out in one statement.
    ///
    /// Each statement has its price on both sides, and each slice of the customers is a walk along those before it:
    /// inserting 12 blocks of 400 frames costs the server a tenth more in one statement, 300 blocks of 16 twice as much.
    private static let framesInOneStatement = 256

    mutating func addUpdates(_ batch: ScoredBatch, names: BatchNames) throws {
        let sums = BlockSums(of: batch.events)
        let rows = try batch.updates.compactMap { block in
            try UpdateRow(block, sums.byPartition[block.partition] ?? BlockSums.Sum(), names: names)
        }
        let frames = rows.reduce(0) { $0 + $1.block.count }
        if rows.count > 1, frames <= Self.framesInOneStatement {
            let bytes = rows.reduce(0) { $0 + $1.block.bytes.count }
            self.add(WriteStatements.insertUpdateBlocks, capacity: bytes + frames * 48 + rows.count * 128) {
                $0.updates(rows)
            }
        } else {
            for row in rows {
                self.add(WriteStatements.insertUpdates, capacity: row.block.bytes.count + row.block.count * 40) {
                    $0.update(row)
                }
            }
        }
    }
}

/// A block of updates with all that its row holds.
private struct UpdateRow {
    var block: UpdateBlock
    var stream: Int32
    var first: Int64
    var last: Int64
    var customers: [String]
    var sum: BlockSums.Sum

    /// nil for a block without updates.
    init?(_ block: UpdateBlock, _ sum: BlockSums.Sum, names: BatchNames) throws {
        guard let first = block.numbers.first, let last = block.numbers.last else { return nil }
        self.block = block
        self.stream = try names.number(of: block.partition.stream.name)
        self.first = first
        self.last = last
        self.customers = Array(sum.customers)
        self.sum = sum
    }
}

extension ParameterBuffer {
    fileprivate mutating func update(_ row: UpdateRow) {
        self.int32(row.stream)
        self.int32(row.block.partition.stream.epoch)
        self.int32(row.block.partition.partition)
        self.int64(row.first)
        self.int64(row.last)
        self.int64(row.block.previous)
        self.array(of: .int64, row.block.numbers) { $0.int64($1) }
        self.array(of: .int32, row.block.ends) { $0.int32(Int32(clamping: $1)) }
        self.bytes(row.block.bytes)
        self.array(of: .text, row.customers) { $0.text($1) }
        self.double(row.sum.probabilities)
        self.int64(row.sum.scores)
    }

    fileprivate mutating func updates(_ rows: [UpdateRow]) {
        self.array(of: .int32, rows) { $0.int32($1.stream) }
        self.array(of: .int32, rows) { $0.int32($1.block.partition.stream.epoch) }
        self.array(of: .int32, rows) { $0.int32($1.block.partition.partition) }
        self.array(of: .int64, rows) { $0.int64($1.first) }
        self.array(of: .int64, rows) { $0.int64($1.last) }
        self.array(of: .int64, rows) { $0.int64($1.block.previous) }
        self.array(of: .int64, rows.flatMap(\.block.numbers)) { $0.int64($1) }
        self.array(of: .int32, rows.flatMap(\.block.ends)) { $0.int32(Int32(clamping: $1)) }
        self.slices(rows.map(\.block.numbers.count))
        self.array(of: .bytes, rows) { $0.bytes($1.block.bytes) }
        self.array(of: .text, rows.flatMap(\.customers)) { $0.text($1) }
        self.slices(rows.map(\.customers.count))
        self.array(of: .double, rows) { $0.double($1.sum.probabilities) }
        self.array(of: .int64, rows) { $0.int64($1.sum.scores) }
    }

    /// Adds where the slices of a flat array begin and where they end, both counted from 1.
    private mutating func slices(_ counts: [Int]) {
        var bounds: [(first: Int32, last: Int32)] = []
        var last: Int32 = 0
        for count in counts {
            bounds.append((last + 1, last + Int32(clamping: count)))
            last += Int32(clamping: count)
        }
        self.array(of: .int32, bounds) { $0.int32($1.first) }
        self.array(of: .int32, bounds) { $0.int32($1.last) }
    }
}
