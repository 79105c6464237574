/// The kind of an event, an open set: an unknown kind is logged and scored and has no effect.
public struct EventType: RawRepresentable, Hashable, Sendable {
    /// The name used on the wire.
    public var rawValue: String
    /// Creates an event type from the name used on the wire.
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A feature value that an event carries, by the feature's index in the schema.
public struct FeatureChange: Hashable, Sendable {
    /// The feature's index in ``FeatureSchema/features``.
    public var feature: Int
    /// The value that the feature takes.
    public var value: FeatureValue

    /// Creates a change.
    public init(feature: Int, value: FeatureValue) {
        self.feature = feature
        self.value = value
    }
}

/// One thing that happened to one customer, decoded and checked.
public struct CustomerEvent: Hashable, Sendable {
    /// The position in its stream.
    public var position: StreamPosition
    /// The customer.
    public var customerID: String
    /// The type of event.
    public var type: EventType
    /// The event's time, by its producer; the record's own time where the producer gave none.
    public var time: Timestamp
    /// The record's time by the broker.
    ///
    /// Cool-downs and windows use it, so that a replay decides the same.
    public var recordTime: Timestamp
    /// The producer's own id of the event, for deduplication; nil where it gave none.
    public var sourceEventID: String?
    /// The producer's free text; nil where it gave none.
    public var details: String?
    /// Feature values that the event sets, after its type's effect.
    public var changes: [FeatureChange]
    /// The record's value as it came: one JSON object in UTF-8, checked to be storable.
    public var json: [UInt8]
    /// The dead letter that this event came from, where it is sent again; the sink marks it as done.
    public var deadLetterID: Int64?

    /// Creates an event.
    public init(
        position: StreamPosition, customerID: String, type: EventType, time: Timestamp, recordTime: Timestamp,
        sourceEventID: String? = nil, details: String? = nil, changes: [FeatureChange] = [], json: [UInt8],
        deadLetterID: Int64? = nil
    ) {
        self.position = position
        self.customerID = customerID
        self.type = type
        self.time = time
        self.recordTime = recordTime
        self.sourceEventID = sourceEventID
        self.details = details
        self.changes = changes
        self.json = json
        self.deadLetterID = deadLetterID
    }
}
