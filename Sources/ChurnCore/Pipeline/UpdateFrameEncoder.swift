/// Writes the contract's frames, each once for all its readers.
struct UpdateFrameEncoder: Sendable {
    /// An event whose JSON is larger goes out with the contract's fields only, and details cut short.
    static let maximumEventBytes = 16_384
    static let maximumDetails = 1_024

    /// The contract's fields of an event.
    static let eventFields: Set<String> = ["event_type", "user_id", "details", "timestamp"]

    /// What a frame sets itself.
    static let ownFields: Set<String> = [
        "event_id", "source_event_id", "churn_probability", "churn_risk", "became_at_risk", "model_version",
        "partition", "number", "previous", "reasons", "score_change", "truncated",
    ]

    private let reasons: ReasonFrames
    private let fields: [UpdateField]
    private let reserved: Set<String>
    private let fieldPrefixes: [[UInt8]]

    init(domain: Domain) {
        self.reasons = ReasonFrames(schema: domain.schema)
        self.fields = domain.updateFields
        self.reserved = Self.ownFields.union(domain.updateFields.map(\.name))
        self.fieldPrefixes = domain.updateFields.map { Array(",\(JSONText.quoted($0.name)):".utf8) }
    }

    /// Appends one frame.
    func append(
        to out: inout [UInt8], event: CustomerEvent, eventID: Int64, prediction: Prediction,
        features: [FeatureValue], previous: Int64?
    ) {
        out.append(
            utf8: prediction.alert.isAlert ? #"{"type":"churn_alert","payload":{"# : #"{"type":"new_event","payload":{"#
        )
        self.appendEvent(event, to: &out)
        out.append(utf8: #","event_id":"#)
        out.append(utf8: String(eventID))
        if let id = event.sourceEventID {
            out.append(utf8: #","source_event_id":"#)
            JSONText.appendQuoted(id, to: &out)
        }
        out.append(utf8: #","churn_probability":"#)
        out.append(utf8: JSONText.number(prediction.probability))
        out.append(utf8: #","churn_risk":""#)
        out.append(utf8: prediction.band.rawValue)
        out.append(utf8: prediction.alert.becameAtRisk ? #"","became_at_risk":true"# : #"","became_at_risk":false"#)
        for (field, prefix) in zip(self.fields, self.fieldPrefixes) {
            out.append(contentsOf: prefix)
            JSONText.append(features[field.feature], to: &out)
        }
        out.append(utf8: #","model_version":"#)
        JSONText.appendQuoted(prediction.model.version, to: &out)
        self.reasons.append(prediction, features: features, to: &out)
        out.append(utf8: #","partition":"#)
        out.append(utf8: String(event.position.partition.partition))
        out.append(utf8: #","number":"#)
        out.append(utf8: String(event.position.offset))
        out.append(utf8: #","previous":"#)
        out.append(utf8: previous.map(String.init) ?? "null")
        out.append(utf8: "}}")
    }

    /// Appends the event's own members without those that the frame sets itself, and the contract's where absent.
    private func appendEvent(_ event: CustomerEvent, to out: inout [UInt8]) {
        let isWhole = event.json.count <= Self.maximumEventBytes
        out.append(utf8: #""event_type":"#)
        JSONText.appendQuoted(event.type.rawValue, to: &out)
        out.append(utf8: #","user_id":"#)
        JSONText.appendQuoted(event.customerID, to: &out)
        if let details = event.details {
            out.append(utf8: #","details":"#)
            JSONText.appendQuoted(isWhole ? details : String(details.prefix(Self.maximumDetails)), to: &out)
        }
        out.append(utf8: #","timestamp":"#)
        out.append(utf8: JSONText.number(event.time.seconds))
        if isWhole { self.appendOtherMembers(event.json, to: &out) } else { out.append(utf8: #","truncated":true"#) }
    }

    private func appendOtherMembers(_ json: [UInt8], to out: inout [UInt8]) {
        json.withUnsafeBufferPointer { bytes in
            var scanner = JSONScanner(bytes)
            let reader = scanner
            // The decoder accepted these bytes, so the scan cannot fail; were it to, the members before it stand.
            try? scanner.scanDocument { name, value in
                let key = reader.text(name)
                if Self.eventFields.contains(key) || self.reserved.contains(key) { return }
                out.append(utf8: ",")
                JSONText.appendQuoted(key, to: &out)
                out.append(utf8: ":")
                var range = value.range
                if case .string = value.kind { range = range.lowerBound - 1..<range.upperBound + 1 }
                out.append(contentsOf: bytes[range])
            }
        }
    }
}
