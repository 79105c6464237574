/// Writes the contract's frames, each once for all its readers.
package struct UpdateFrameEncoder: Sendable {
    /// An event whose JSON is larger goes out with the contract's fields only, and details cut short.
    static let maximumEventBytes = 16_384
    static let maximumDetails = 1_024

    /// The contract's fields of an event.
    package static let eventFields: Set<String> = ["event_type", "user_id", "details", "timestamp"]

    /// The fields that a frame sets itself.
    package static let ownFields: Set<String> = [
        "event_id", "source_event_id", "churn_probability", "churn_risk", "became_at_risk", "model_version",
        "partition", "number", "previous", "reasons", "score_change", "truncated",
    ]

    private let reasons: ReasonFrames
    private let fields: [UpdateField]
    private let reserved: Set<String>
    /// The bytes of the names of an event's members that a frame does not take over, by how many they are.
    private let reservedBytes: [[[UInt8]]]
    private let fieldPrefixes: [[UInt8]]

    init(domain: Domain) {
        self.reasons = ReasonFrames(schema: domain.schema)
        self.fields = domain.updateFields
        self.reserved = Self.eventFields.union(Self.ownFields).union(domain.updateFields.map(\.name))
        var byLength: [[[UInt8]]] = []
        for name in self.reserved {
            let bytes = Array(name.utf8)
            while byLength.count <= bytes.count { byLength.append([]) }
            byLength[bytes.count].append(bytes)
        }
        self.reservedBytes = byLength
        self.fieldPrefixes = domain.updateFields.map { Array(",\(JSONText.quoted($0.name)):".utf8) }
    }

    /// Appends one frame.
    func append(
        to out: inout [UInt8], event: CustomerEvent, eventID: Int64, prediction: Prediction,
        features: [FeatureValue], previous: Int64?
    ) {
        out.append(
            literal: prediction.alert.isAlert
                ? #"{"type":"churn_alert","payload":{"# : #"{"type":"new_event","payload":{"#)
        self.appendEvent(event, to: &out)
        out.append(literal: #","event_id":"#)
        JSONText.append(eventID, to: &out)
        if let id = event.sourceEventID {
            out.append(literal: #","source_event_id":"#)
            JSONText.appendQuoted(id, to: &out)
        }
        out.append(literal: #","churn_probability":"#)
        JSONText.append(prediction.probability, to: &out)
        out.append(literal: #","churn_risk":""#)
        out.append(utf8: prediction.band.rawValue)
        out.append(
            literal: prediction.alert.becameAtRisk ? #"","became_at_risk":true"# : #"","became_at_risk":false"#)
        for (field, prefix) in zip(self.fields, self.fieldPrefixes) {
            out.append(contentsOf: prefix)
            JSONText.append(features[field.feature], to: &out)
        }
        out.append(literal: #","model_version":"#)
        JSONText.appendQuoted(prediction.model.version, to: &out)
        self.reasons.append(prediction, features: features, to: &out)
        out.append(literal: #","partition":"#)
        JSONText.append(Int64(event.position.partition.partition), to: &out)
        out.append(literal: #","number":"#)
        JSONText.append(event.position.offset, to: &out)
        out.append(literal: #","previous":"#)
        if let previous { JSONText.append(previous, to: &out) } else { out.append(literal: "null") }
        out.append(literal: "}}")
    }

    /// Appends the event's own members without those that the frame sets itself, and the contract's where absent.
    private func appendEvent(_ event: CustomerEvent, to out: inout [UInt8]) {
        let isWhole = event.json.count <= Self.maximumEventBytes
        out.append(literal: #""event_type":"#)
        JSONText.appendQuoted(event.type.rawValue, to: &out)
        out.append(literal: #","user_id":"#)
        JSONText.appendQuoted(event.customerID, to: &out)
        if let details = event.details {
            out.append(literal: #","details":"#)
            JSONText.appendQuoted(isWhole ? details : String(details.prefix(Self.maximumDetails)), to: &out)
        }
        out.append(literal: #","timestamp":"#)
        JSONText.append(event.time.seconds, to: &out)
        if isWhole {
            self.appendOtherMembers(event.json, to: &out)
        } else {
            out.append(literal: #","truncated":true"#)
        }
    }

    private func appendOtherMembers(_ json: [UInt8], to out: inout [UInt8]) {
        json.withUnsafeBufferPointer { bytes in
            var members = JSONMembers(bytes)
            while let member = members.next() {
                let name = UnsafeBufferPointer(rebasing: bytes[member.name])
                // A name that is written with escapes is another one than its bytes.
                if member.nameHasEscapes || name.contains(0x7F) {
                    let text = JSONScanner(bytes).text(
                        JSONScanner.Value(kind: .string(hasEscapes: member.nameHasEscapes), range: member.name))
                    if self.reserved.contains(text) { continue }
                    out.append(literal: ",")
                    JSONText.appendQuoted(text, to: &out)
                    out.append(literal: ":")
                } else {
                    if self.isReserved(name) { continue }
                    out.append(literal: ",\"")
                    out.append(contentsOf: name)
                    out.append(literal: "\":")
                }
                out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[member.value]))
            }
        }
    }

    private func isReserved(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        guard name.count < self.reservedBytes.count else { return false }
        return self.reservedBytes[name.count].contains { $0.elementsEqual(name) }
    }
}
