/// The updates that one batch made in one partition, encoded once for all readers.
///
/// A row of the update log. Each frame is one JSON text of the contract (`churn_alert` or `new_event`); its number is
/// its event's offset, and it names the number before it, so that a reader sees a hole by looking.
public struct UpdateBlock: Hashable, Sendable {
    /// The partition.
    public var partition: StreamPartition
    /// The number of the last update before this block; nil for a partition's first block.
    public var previous: Int64?
    /// The frames' numbers, rising.
    ///
    /// Never empty.
    public var numbers: [Int64]
    /// The frames' bytes, one after the other.
    public var bytes: [UInt8]
    /// For each frame, the index in `bytes` after its last byte.
    public var ends: [Int]
    /// The headers by which readers choose updates; nil where they were not kept.
    public var headers: HeaderColumn?

    /// Creates a block.
    public init(
        partition: StreamPartition, previous: Int64?, numbers: [Int64], bytes: [UInt8], ends: [Int],
        headers: HeaderColumn? = nil
    ) {
        self.partition = partition
        self.previous = previous
        self.numbers = numbers
        self.bytes = bytes
        self.ends = ends
        self.headers = headers
    }

    /// The number of updates in the block.
    public var count: Int { self.numbers.count }

    /// The headers of each update; nil where they were not kept.
    public func readHeaders() -> [UpdateHeader]? { self.headers?.read(self.count) }

    /// The bytes of the frame at `index`.
    public func frame(at index: Int) -> ArraySlice<UInt8> {
        self.bytes[(index == 0 ? 0 : self.ends[index - 1])..<self.ends[index]]
    }
}

/// A reader's progress in the updates: for each partition the number of the last update it has seen.
public struct UpdateCursor: Hashable, Sendable {
    /// The last number seen, by partition.
    ///
    /// A partition that is absent is read from its beginning, unless a later epoch of its stream is named.
    public var seen: [StreamPartition: Int64]

    /// Creates a cursor.
    public init(seen: [StreamPartition: Int64] = [:]) { self.seen = seen }
}

/// The updates that a log holds after a cursor.
public struct UpdatePage: Sendable {
    /// Blocks that follow the cursor, in order within each partition.
    ///
    /// The first block of a partition may begin before the cursor; its reader skips the numbers that it has seen.
    public var blocks: [UpdateBlock]
    /// Partitions in which updates after the cursor are no longer kept: the reader must be notified of a gap, and goes
    /// on with the blocks in the page.
    public var gaps: Set<StreamPartition>
    /// Whether more blocks were left out because of a limit.
    public var hasMore: Bool

    /// Creates a page.
    public init(blocks: [UpdateBlock], gaps: Set<StreamPartition> = [], hasMore: Bool = false) {
        self.blocks = blocks
        self.gaps = gaps
        self.hasMore = hasMore
    }
}
