/// A header of a record; the value is opaque.
public struct RecordHeader: Hashable, Sendable {
    /// The header's name.
    public var name: String
    /// The header's bytes; nil for a null value.
    public var value: [UInt8]?

    /// Creates a header.
    public init(name: String, value: [UInt8]?) {
        self.name = name
        self.value = value
    }
}

/// A record as its transport delivered it, before anything was decoded.
public struct Record: Hashable, Sendable {
    /// The position in its stream.
    public var position: StreamPosition
    /// The key's bytes; nil where there is none.
    public var key: [UInt8]?
    /// The value's bytes; nil for a null value (a tombstone).
    public var value: [UInt8]?
    /// The headers, in order.
    public var headers: [RecordHeader]
    /// The record's time by the broker.
    public var time: Timestamp

    /// Creates a record.
    public init(
        position: StreamPosition, key: [UInt8]?, value: [UInt8]?, headers: [RecordHeader] = [], time: Timestamp
    ) {
        self.position = position
        self.key = key
        self.value = value
        self.headers = headers
        self.time = time
    }
}

/// A record that cannot become a score, with the reason.
///
/// It is kept as a dead letter and the stream goes on.
public struct Rejection: Hashable, Sendable {
    /// The kind of rejection.
    ///
    /// The raw value is a bounded metric label.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The name used in tables and metrics.
        public var rawValue: String
        /// Creates a code from the name used in tables and metrics.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The record has no value (a tombstone).
        public static let nullValue = Self(rawValue: "null_value")
        /// The value is larger than the configured maximum.
        public static let tooLarge = Self(rawValue: "too_large")
        /// The value is not UTF-8.
        public static let invalidUTF8 = Self(rawValue: "invalid_utf8")
        /// The value is not one JSON object.
        public static let invalidJSON = Self(rawValue: "invalid_json")
        /// A field is absent that an event must have.
        public static let missingField = Self(rawValue: "missing_field")
        /// A field has another type than the contract says, or a value out of range.
        public static let invalidField = Self(rawValue: "invalid_field")
        /// The record's key differs from its `user_id`.
        public static let keyMismatch = Self(rawValue: "key_mismatch")
        /// The JSON holds text that a store cannot keep: `\u0000` or half a surrogate pair.
        public static let unstorableText = Self(rawValue: "unstorable_text")
        /// `changes` names a feature that the domain does not have.
        public static let unknownFeature = Self(rawValue: "unknown_feature")
        /// The store has no such customer.
        public static let unknownCustomer = Self(rawValue: "unknown_customer")
        /// The store refused the record's data.
        public static let storeRefused = Self(rawValue: "store_refused")
        /// The predictor refused the customer's features.
        public static let predictorRefused = Self(rawValue: "predictor_refused")
    }

    /// The record as it came.
    public var record: Record
    /// The kind of rejection.
    public var code: Code
    /// The fault and its place, for a person.
    ///
    /// Made of authored text, field names and offsets, never of values.
    public var reason: String
    /// The dead letter that was sent again and was rejected once more; nil for a record from a stream.
    public var deadLetterID: Int64?

    /// Creates a rejection.
    public init(record: Record, code: Code, reason: String, deadLetterID: Int64? = nil) {
        self.record = record
        self.code = code
        self.reason = reason
        self.deadLetterID = deadLetterID
    }
}
