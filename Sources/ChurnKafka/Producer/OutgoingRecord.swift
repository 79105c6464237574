public import ChurnCore

/// A record on its way into a topic.
public struct OutgoingRecord: Hashable, Sendable {
    /// The key's bytes; nil for none.
    ///
    /// Records with the same key go to the same partition.
    public var key: [UInt8]?
    /// The value's bytes; nil for a null value (a tombstone).
    public var value: [UInt8]?
    /// The headers, in order.
    public var headers: [RecordHeader]
    /// The partition; nil leaves the choice to the key, or to chance where there is none.
    public var partition: Int32?

    /// Creates a record.
    public init(key: [UInt8]?, value: [UInt8]?, headers: [RecordHeader] = [], partition: Int32? = nil) {
        self.key = key
        self.value = value
        self.headers = headers
        self.partition = partition
    }
}
