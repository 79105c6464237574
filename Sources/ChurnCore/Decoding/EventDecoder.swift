/// A record after decoding: an event, or the reason why it is none.
public enum DecodedRecord: Sendable {
    /// A checked event.
    case event(EventBatch.Entry)
    /// A record that becomes a dead letter.
    case rejected(Rejection)
}

/// Turns records into events by the contract: one JSON object with `event_type`, `user_id` (or the record's key) and,
/// where they are given, `details`, `timestamp`, `event_id` and `changes`.
///
/// Never throws and never crashes: what is not an event is a ``Rejection`` that says what is wrong and where. Fields
/// that the contract does not name stay in the event's JSON.
public struct EventDecoder: Sendable {
    private let schema: FeatureSchema
    private let maximumBytes: Int

    /// The longest `user_id`, `event_type` and `event_id`, in bytes of UTF-8.
    public static let maximumNameBytes = 255

    /// Creates a decoder.
    ///
    /// - Parameters:
    ///   - domain: names the features that `changes` may set.
    ///   - maximumBytes: the largest record value that is decoded.
    public init(domain: Domain, maximumBytes: Int = 1 << 20) {
        self.schema = domain.schema
        self.maximumBytes = maximumBytes
    }

    /// Decodes one record.
    public func decode(_ record: Record) -> DecodedRecord {
        do {
            let event = try self.event(from: record)
            return .event(EventBatch.Entry(event: event, key: record.key, headers: record.headers))
        } catch let fault as Refusal {
            return .rejected(Rejection(record: record, code: fault.code, reason: fault.reason))
        } catch {
            return .rejected(Rejection(record: record, code: .invalidJSON, reason: "the value cannot be decoded"))
        }
    }

    private func event(from record: Record) throws -> CustomerEvent {
        guard let json = record.value else {
            throw Refusal(.nullValue, "the record has no value (a tombstone); an event needs a JSON object")
        }
        guard json.count <= self.maximumBytes else {
            throw Refusal(.tooLarge, "the value has \(json.count) bytes; at most \(self.maximumBytes) are accepted")
        }
        guard Self.isUTF8(json) else {
            throw Refusal(.invalidUTF8, "the value is not valid UTF-8", PayloadForm.description(of: json))
        }
        var fields = EventFields(schema: self.schema)
        do {
            try json.withUnsafeBufferPointer { bytes in
                var scanner = JSONScanner(bytes)
                let reader = scanner
                try scanner.scanDocument { name, value in
                    try fields.read(name: name, value: value, from: reader)
                }
            }
        } catch let fault as JSONScanner.Fault {
            throw Refusal(fault, in: json)
        }
        let isWrapped = fields.envelope.map { "the object has a member \($0) instead, which may hold the event" }
        let customerID = try Self.customerID(field: fields.customerID, key: record.key, isWrapped)
        guard let type = fields.type else {
            throw Refusal(.missingField, "event_type is absent; an event needs one as text", isWrapped)
        }
        return CustomerEvent(
            position: record.position, customerID: customerID, type: EventType(rawValue: type),
            time: fields.time ?? record.time, recordTime: record.time, sourceEventID: fields.sourceEventID,
            details: fields.details, changes: fields.changes, json: json)
    }

    private static func customerID(field: String?, key: [UInt8]?, _ isWrapped: String?) throws -> String {
        guard let key else {
            guard let field else {
                throw Refusal(
                    .missingField, "user_id is absent and the record has no key to take it from", isWrapped)
            }
            return field
        }
        guard let field else {
            guard let id = String(validating: key, as: UTF8.self), !id.isEmpty, !id.utf8.contains(0),
                id.utf8.count <= Self.maximumNameBytes
            else { throw Refusal(.missingField, "user_id is absent and the record's key is not a customer id") }
            guard id.isInNormalForm else { throw Refusal(notNormal: "the record's key") }
            return id
        }
        guard field.utf8.elementsEqual(key) else {
            throw Refusal(
                .keyMismatch, "the record's key differs from user_id", PayloadForm.description(ofKey: key, for: field))
        }
        return field
    }

    private static func isUTF8(_ bytes: [UInt8]) -> Bool {
        if bytes.allSatisfy({ $0 < 0x80 }) { return true }
        return String(validating: bytes, as: UTF8.self) != nil
    }
}
