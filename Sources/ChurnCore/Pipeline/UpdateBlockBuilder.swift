/// Gathers the frames of a batch into one block for each partition.
struct UpdateBlockBuilder {
    /// About the bytes of a frame: a block that has to grow is copied.
    private static let frameBytes = 640

    private let lastUpdates: [StreamPartition: Int64]
    private let framesABlock: Int
    private var indexes: [StreamPartition: Int] = [:]
    private var begun: [(block: UpdateBlock, headers: HeaderWriter)] = []

    /// - Parameters:
    ///   - lastUpdates: the number of the last update of each partition; absent before the first.
    ///   - framesABlock: about how many frames a block will have.
    init(lastUpdates: [StreamPartition: Int64], framesABlock: Int = 0) {
        self.lastUpdates = lastUpdates
        self.framesABlock = framesABlock
    }

    /// Adds the frame that `encode` appends, numbered by the event's offset.
    mutating func append(
        to position: StreamPosition, _ header: UpdateHeader, _ encode: (inout [UInt8], Int64?) -> Void
    ) {
        let partition = position.partition
        let index: Int
        if let known = self.indexes[partition] {
            index = known
        } else {
            index = self.begun.count
            self.indexes[partition] = index
            let previous = self.lastUpdates[partition]
            self.begun.append(
                (
                    UpdateBlock(partition: partition, previous: previous, numbers: [], bytes: [], ends: []),
                    HeaderWriter()
                )
            )
            self.begun[index].block.bytes.reserveCapacity(self.framesABlock * Self.frameBytes)
        }
        let previous = self.begun[index].block.numbers.last ?? self.begun[index].block.previous
        encode(&self.begun[index].block.bytes, previous)
        self.begun[index].block.numbers.append(position.offset)
        self.begun[index].block.ends.append(self.begun[index].block.bytes.count)
        self.begun[index].headers.append(header)
    }

    /// The blocks.
    var blocks: [UpdateBlock] {
        self.begun.map { block, headers in
            var block = block
            block.headers = headers.column
            return block
        }
    }
}
