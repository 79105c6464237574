/// A field that the contract names, found by its bytes so that no text is made for the names of a record.
enum ContractField: UInt8, CaseIterable {
    case eventType = 1
    case userID = 2
    case eventID = 4
    case details = 8
    case timestamp = 16
    case changes = 32

    /// The name on the wire.
    var name: StaticString {
        switch self {
        case .eventType: "event_type"
        case .userID: "user_id"
        case .eventID: "event_id"
        case .details: "details"
        case .timestamp: "timestamp"
        case .changes: "changes"
        }
    }

    /// The field of a member's name; nil for a member that the contract does not name.
    static func named(_ name: JSONScanner.Value, in scanner: JSONScanner) -> ContractField? {
        if name.kind == .string(hasEscapes: true) {
            let text = scanner.text(name)
            return Self.allCases.first { $0.name.description == text }
        }
        let bytes = scanner.bytes[name.range]
        return Self.allCases.first { field in
            let own = UnsafeBufferPointer(start: field.name.utf8Start, count: field.name.utf8CodeUnitCount)
            return own.count == bytes.count && own.elementsEqual(bytes)
        }
    }
}
