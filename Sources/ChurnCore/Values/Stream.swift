/// The name of a stream as its transport knows it: a Kafka cluster and a topic, or a stream of our own.
public struct StreamName: Hashable, Sendable {
    /// The cluster id (Kafka), or `local` for streams that the system itself keeps.
    public var cluster: String
    /// The topic.
    public var topic: String

    /// Creates a stream's name.
    public init(cluster: String, topic: String) {
        self.cluster = cluster
        self.topic = topic
    }
}

/// One life of a stream: a topic that was deleted and made again is another stream with the same name.
public struct StreamIdentity: Hashable, Sendable {
    /// Cluster and topic.
    public var name: StreamName
    /// Our own count of the topic's lives; a reset of the stored positions starts the next one.
    public var epoch: Int32

    /// Creates a stream's identity.
    public init(name: StreamName, epoch: Int32 = 0) {
        self.name = name
        self.epoch = epoch
    }
}

/// One partition of one stream; the unit of order, progress and ownership.
public struct StreamPartition: Hashable, Comparable, Sendable {
    /// The stream.
    public var stream: StreamIdentity
    /// The partition's number.
    public var partition: Int32

    /// Creates a partition's identity.
    public init(stream: StreamIdentity, partition: Int32) {
        self.stream = stream
        self.partition = partition
    }

    /// By the numbers alone: names distinguish few partitions that these do not, and cost more than all else of a
    /// look-up.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(self.stream.epoch)
        hasher.combine(self.partition)
    }

    /// The order in which locks are taken: cluster, topic, epoch, partition.
    public static func < (a: Self, b: Self) -> Bool {
        (a.stream.name.cluster, a.stream.name.topic, a.stream.epoch, a.partition)
            < (b.stream.name.cluster, b.stream.name.topic, b.stream.epoch, b.partition)
    }
}

/// The position of a record.
public struct StreamPosition: Hashable, Sendable {
    /// The partition.
    public var partition: StreamPartition
    /// The record's offset in the partition.
    public var offset: Int64

    /// Creates a position.
    public init(partition: StreamPartition, offset: Int64) {
        self.partition = partition
        self.offset = offset
    }
}

/// A gapless stretch `[from, to)` of one partition.
///
/// It covers offsets without a record too (compaction, transaction markers), so that the ranges of successive batches
/// touch.
public struct OffsetRange: Hashable, Sendable {
    /// The partition.
    public var partition: StreamPartition
    /// The first offset covered.
    public var from: Int64
    /// The offset after the last one covered.
    public var to: Int64

    /// Creates a range.
    public init(partition: StreamPartition, from: Int64, to: Int64) {
        self.partition = partition
        self.from = from
        self.to = to
    }
}

/// The stored progress in one partition.
public struct StoredPosition: Hashable, Sendable {
    /// The offset from which the partition goes on.
    public var nextOffset: Int64
    /// The number (offset) of the last update written for the partition; nil before the first.
    public var lastUpdate: Int64?

    /// Creates a stored position.
    public init(nextOffset: Int64, lastUpdate: Int64? = nil) {
        self.nextOffset = nextOffset
        self.lastUpdate = lastUpdate
    }
}

/// The stored progress in a stream.
public struct StreamPositions: Hashable, Sendable {
    /// The stream in its current epoch (0 for a stream that the sink has never seen).
    public var stream: StreamIdentity
    /// Progress by partition; partitions without a row are absent.
    public var stored: [Int32: StoredPosition]
    /// The number of partitions when a first position of the stream's epoch was stored; nil where that is not known.
    ///
    /// Partitions from this number on were added later and start at their beginning.
    public var partitionCount: Int?

    /// Creates a stream's positions.
    public init(stream: StreamIdentity, stored: [Int32: StoredPosition], partitionCount: Int? = nil) {
        self.stream = stream
        self.stored = stored
        self.partitionCount = partitionCount
    }
}
