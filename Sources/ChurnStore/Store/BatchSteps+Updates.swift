import ChurnCore
import ChurnInsight

extension BatchSteps {
    mutating func addUpdates(_ batch: ScoredBatch, names: BatchNames, layout: ProjectionLayout) throws {
        guard !batch.updates.isEmpty else { return }
        let scores = BlockScores.byPartition(batch.events)
        let states = Dictionary(
            batch.changes.map { (CustomerKey($0.state.id), $0.state) }, uniquingKeysWith: { _, last in last })
        let rows = try batch.updates.compactMap { block in
            try UpdateRow(block, scores[block.partition] ?? BlockScores(), states, names: names, layout: layout)
        }
        let bytes = rows.reduce(0) { $0 + $1.block.bytes.count + $1.index.count + $1.customers.count }
        self.add(WriteStatements.insertUpdates, capacity: bytes + rows.count * 128) { $0.updates(rows) }
    }
}

/// A block of updates with all that its row holds.
private struct UpdateRow {
    var block: UpdateBlock
    var stream: Int32
    var first: Int64
    var last: Int64
    var index: [UInt8]
    var scores: BlockScores
    /// The customers of the block, as the batch left them.
    var customers: [UInt8]

    /// nil for a block without updates.
    init?(
        _ block: UpdateBlock, _ scores: BlockScores, _ states: [CustomerKey: CustomerState], names: BatchNames,
        layout: ProjectionLayout
    ) throws {
        guard let first = block.numbers.first, let last = block.numbers.last else { return nil }
        self.block = block
        self.stream = try names.number(of: block.partition.stream.name)
        self.first = first
        self.last = last
        self.index = block.index
        self.scores = scores
        self.customers = layout.encode(scores.customers.compactMap { states[$0] })
    }
}

extension ParameterBuffer {
    fileprivate mutating func updates(_ rows: [UpdateRow]) {
        self.array(of: .int32, rows) { $0.int32($1.stream) }
        self.array(of: .int32, rows) { $0.int32($1.block.partition.stream.epoch) }
        self.array(of: .int32, rows) { $0.int32($1.block.partition.partition) }
        self.array(of: .int64, rows) { $0.int64($1.first) }
        self.array(of: .int64, rows) { $0.int64($1.last) }
        self.array(of: .int64, rows) { $0.int64($1.block.previous) }
        self.array(of: .bytes, rows) { $0.bytes($1.index) }
        self.array(of: .bytes, rows) { $0.bytes($1.block.bytes) }
        self.array(of: .bytes, rows) { $0.bytes($1.customers) }
        self.array(of: .double, rows) { $0.double($1.scores.sum) }
        self.array(of: .int64, rows) { $0.int64(Int64($1.scores.count)) }
    }
}
