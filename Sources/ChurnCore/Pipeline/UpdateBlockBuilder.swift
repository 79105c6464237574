/// Gathers the frames of a batch into one block for each partition.
struct UpdateBlockBuilder {
    private var lastUpdates: [StreamPartition: Int64]
    private var indexes: [StreamPartition: Int] = [:]
    private var begun: [(block: UpdateBlock, facts: FactsWriter)] = []

    init(lastUpdates: [StreamPartition: Int64]) { self.lastUpdates = lastUpdates }

    /// Adds the frame that `encode` appends, numbered by the event's offset.
    mutating func append(to position: StreamPosition, _ facts: UpdateFacts, _ encode: (inout [UInt8], Int64?) -> Void) {
        let partition = position.partition
        let previous = self.lastUpdates[partition]
        let index: Int
        if let known = self.indexes[partition] {
            index = known
        } else {
            index = self.begun.count
            self.indexes[partition] = index
            self.begun.append(
                (UpdateBlock(partition: partition, previous: previous, numbers: [], bytes: [], ends: []), FactsWriter())
            )
        }
        encode(&self.begun[index].block.bytes, previous)
        self.begun[index].block.numbers.append(position.offset)
        self.begun[index].block.ends.append(self.begun[index].block.bytes.count)
        self.begun[index].facts.append(facts)
        self.lastUpdates[partition] = position.offset
    }

    /// The blocks.
    var blocks: [UpdateBlock] {
        self.begun.map { block, facts in
            var block = block
            block.facts = facts.column
            return block
        }
    }
}
