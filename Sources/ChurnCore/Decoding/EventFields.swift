/// The reason why a record is not an event.
struct Refusal: Error {
    var code: Rejection.Code
    var reason: String

    /// - Parameter form: what the bytes are, where that is recognized.
    init(_ code: Rejection.Code, _ reason: String, _ form: String? = nil) {
        self.code = code
        self.reason = form.map { "\(reason): \($0)" } ?? reason
    }

    init(notNormal id: String) {
        self.init(.invalidField, "\(id) is not in Unicode normal form C; the producer must write ids in that form")
    }

    init(_ fault: JSONScanner.Fault, in json: [UInt8]) {
        switch fault {
        case .syntax(let offset):
            // What begins as an object is broken further on.
            let form = offset <= 3 || json.allSatisfy({ $0 <= 0x20 }) ? PayloadForm.description(of: json) : nil
            self.init(
                .invalidJSON, "the value is not one JSON object", form ?? "unexpected text at byte \(offset)")
        case .tooDeep(let offset):
            self.init(
                .invalidJSON, "the value nests deeper than \(JSONScanner.maximumDepth) levels at byte \(offset)")
        case .unstorable(let offset):
            self.init(
                .unstorableText, "the escape at byte \(offset) is \\u0000 or half a surrogate pair, which is not text")
        case .numberOutOfRange(let offset):
            self.init(.invalidField, "the number at byte \(offset) is too long or too large to store")
        }
    }
}

/// The fields of the contract as they are met in a record.
struct EventFields {
    private let schema: FeatureSchema
    private var seen: UInt8 = 0
    private(set) var type: String?
    private(set) var customerID: String?
    private(set) var sourceEventID: String?
    private(set) var details: String?
    private(set) var time: Timestamp?
    private(set) var changes: [FeatureChange] = []
    /// A member that the envelopes of other programs keep an event in.
    private(set) var envelope: String?

    init(schema: FeatureSchema) { self.schema = schema }

    /// Takes up one member of the object.
    mutating func read(name: JSONScanner.Value, value: JSONScanner.Value, from scanner: JSONScanner) throws {
        guard let field = ContractField.named(name, in: scanner) else {
            if self.seen == 0, value.kind == .object {
                let text = scanner.text(name)
                if PayloadForm.envelopes.contains(text) { self.envelope = text }
            }
            return
        }
        guard self.seen & field.rawValue == 0 else {
            throw Refusal(.invalidField, "\(field.name) stands twice in the object")
        }
        self.seen |= field.rawValue
        if value.kind == .null { return }
        switch field {
        case .eventType: self.type = try Self.name(field.name, value, scanner)
        case .userID: self.customerID = try Self.id(field.name, value, scanner)
        case .eventID: self.sourceEventID = try Self.id(field.name, value, scanner)
        case .details:
            guard case .string = value.kind else { throw Refusal(.invalidField, "details is not text") }
            self.details = scanner.text(value)
        case .timestamp: self.time = try Self.time(value, scanner)
        case .changes: self.changes = try self.changes(value, scanner)
        }
    }

    private static func name(
        _ field: StaticString, _ value: JSONScanner.Value, _ scanner: JSONScanner
    ) throws -> String {
        guard case .string = value.kind else { throw Refusal(.invalidField, "\(field) is not text") }
        let text = scanner.text(value)
        guard !text.isEmpty else { throw Refusal(.invalidField, "\(field) is empty") }
        guard text.utf8.count <= EventDecoder.maximumNameBytes else {
            throw Refusal(.invalidField, "\(field) is longer than \(EventDecoder.maximumNameBytes) bytes")
        }
        return text
    }

    private static func id(
        _ field: StaticString, _ value: JSONScanner.Value, _ scanner: JSONScanner
    ) throws -> String {
        if value.kind == .number { return try Self.wholeNumber(field, value, scanner) }
        let text = try Self.name(field, value, scanner)
        guard text.isInNormalForm else { throw Refusal(notNormal: "\(field)") }
        return text
    }

    /// A whole number is taken as the text of its digits, however many: it is never a floating-point number here.
    private static func wholeNumber(
        _ field: StaticString, _ value: JSONScanner.Value, _ scanner: JSONScanner
    ) throws -> String {
        let digits = scanner.bytes[value.range]
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-") })
        else {
            throw Refusal(.invalidField, "\(field) is a number with a fraction or an exponent; send it as text")
        }
        guard digits.count <= EventDecoder.maximumNameBytes else {
            throw Refusal(.invalidField, "\(field) is longer than \(EventDecoder.maximumNameBytes) bytes")
        }
        return String(decoding: digits, as: UTF8.self)
    }

    private static func time(_ value: JSONScanner.Value, _ scanner: JSONScanner) throws -> Timestamp {
        switch value.kind {
        case .number:
            guard let seconds = scanner.number(value), let time = Timestamp(seconds: seconds) else {
                throw Refusal(
                    .invalidField,
                    "timestamp is outside the years 1 to 9999; it counts seconds since 1970, not milliseconds")
            }
            return time
        case .string:
            guard let time = Timestamp(iso8601: scanner.text(value)) else {
                throw Refusal(.invalidField, "timestamp is text but not ISO 8601, such as 2026-01-31T12:00:00Z")
            }
            return time
        default: throw Refusal(.invalidField, "timestamp is neither a number nor ISO 8601 text")
        }
    }

    private func changes(_ value: JSONScanner.Value, _ scanner: JSONScanner) throws -> [FeatureChange] {
        guard value.kind == .object else { throw Refusal(.invalidField, "changes is not an object") }
        var changes: [FeatureChange] = []
        var inner = JSONScanner(UnsafeBufferPointer(rebasing: scanner.bytes[value.range]))
        let reader = inner
        try inner.scanDocument { name, value in
            guard let index = self.schema.index(of: reader.text(name)) else {
                throw Refusal(
                    .unknownFeature,
                    "changes names a feature that the domain does not have, at byte \(name.range.lowerBound) of changes"
                )
            }
            let feature = self.schema.features[index]
            guard !changes.contains(where: { $0.feature == index }) else {
                throw Refusal(.invalidField, "changes sets \(feature.name) twice")
            }
            changes.append(FeatureChange(feature: index, value: try Self.value(value, of: feature, reader)))
        }
        return changes
    }

    private static func value(
        _ value: JSONScanner.Value, of feature: Feature, _ scanner: JSONScanner
    ) throws -> FeatureValue {
        switch (value.kind, feature.type) {
        case (.null, _): return .missing
        case (.string, .categorical): return .text(scanner.text(value))
        case (.bool(let flag), .boolean): return .boolean(flag)
        case (.number, .numeric):
            guard let number = scanner.number(value) else {
                throw Refusal(.invalidField, "changes.\(feature.name) is not a finite number")
            }
            guard number.isUsableFeature else {
                throw Refusal(.invalidField, "changes.\(feature.name) is larger than a model can read")
            }
            return .number(number == 0 ? 0 : number)
        default:
            throw Refusal(.invalidField, "changes.\(feature.name) has the wrong type: it is \(feature.type.rawValue)")
        }
    }
}
