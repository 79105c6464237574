/// Gathers the frames of a batch into one block for each partition.
struct UpdateBlockBuilder {
    private var lastUpdates: [StreamPartition: Int64]
    private var indexes: [StreamPartition: Int] = [:]
    private(set) var blocks: [UpdateBlock] = []

    init(lastUpdates: [StreamPartition: Int64]) { self.lastUpdates = lastUpdates }

    /// Adds the frame that `encode` appends, numbered by the event's offset.
    mutating func append(to position: StreamPosition, _ encode: (inout [UInt8], Int64?) -> Void) {
        let partition = position.partition
        let previous = self.lastUpdates[partition]
        let index: Int
        if let known = self.indexes[partition] {
            index = known
        } else {
            index = self.blocks.count
            self.indexes[partition] = index
            self.blocks.append(
                UpdateBlock(partition: partition, previous: previous, numbers: [], bytes: [], ends: []))
        }
        encode(&self.blocks[index].bytes, previous)
        self.blocks[index].numbers.append(position.offset)
        self.blocks[index].ends.append(self.blocks[index].bytes.count)
        self.lastUpdates[partition] = position.offset
    }
}
