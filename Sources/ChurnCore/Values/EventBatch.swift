/// A source's delivery: events in order, records that could not be decoded, and the ranges they cover.
public struct EventBatch: Sendable {
    /// An event with the record it was decoded from, kept in case that it must become a dead letter.
    public struct Entry: Sendable {
        /// The decoded event.
        public var event: CustomerEvent
        /// The record's key; nil where there is none.
        public var key: [UInt8]?
        /// The record's headers.
        public var headers: [RecordHeader]

        /// Creates an entry.
        public init(event: CustomerEvent, key: [UInt8]? = nil, headers: [RecordHeader] = []) {
            self.event = event
            self.key = key
            self.headers = headers
        }

        /// The record that the event was decoded from.
        public var record: Record {
            Record(
                position: self.event.position, key: self.key, value: self.event.json, headers: self.headers,
                time: self.event.recordTime)
        }
    }

    /// Decoded events, in order within each partition.
    public var entries: [Entry]
    /// Records that could not be decoded.
    public var rejections: [Rejection]
    /// One range for each partition in the batch; covers every entry and rejection.
    public var ranges: [OffsetRange]

    /// Creates a batch.
    public init(entries: [Entry], rejections: [Rejection] = [], ranges: [OffsetRange]) {
        self.entries = entries
        self.rejections = rejections
        self.ranges = ranges
    }

    /// Whether the batch covers nothing at all.
    public var isEmpty: Bool { self.ranges.isEmpty }

    /// The batch without some of its partitions.
    public func removing(_ partitions: Set<StreamPartition>) -> EventBatch {
        EventBatch(
            entries: self.entries.filter { !partitions.contains($0.event.position.partition) },
            rejections: self.rejections.filter { !partitions.contains($0.record.position.partition) },
            ranges: self.ranges.filter { !partitions.contains($0.partition) })
    }
}
