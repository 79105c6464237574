/// An update that another program sends to all subscribers: as they get it, and marked as not ours.
package struct ExternalUpdate: Hashable, Sendable {
    /// The reason why a text is not an update.
    package enum Fault: Error {
        /// Not one JSON object, or holding what no store of ours could keep.
        case malformed
        /// The type is missing, is no text of 1 to 64 characters, or is one that only the feed itself sends.
        case type
        /// The payload is missing or is no object.
        case payload
    }

    /// Types whose frames clients act on.
    private static let reserved: Set<String> = [
        "cursor", "gap", "skipped", "filter", "conflate", "authenticated", "pong", "error", "case_step", "case_due",
        "intervention_logged",
    ]
    /// The fields that only an update of a stream has.
    private static let numbering: Set<String> = ["partition", "number", "previous"]
    private static let maximumTypeLength = 64

    /// The frame: type, mark and payload.
    package let frame: [UInt8]

    /// Reads the text that the program sent; members that it does not need are left out.
    package init(json: [UInt8]) throws(Fault) {
        guard String(validating: json, as: UTF8.self) != nil else { throw .malformed }
        let (type, payload) = try Self.members(json)
        guard let type, (1...Self.maximumTypeLength).contains(type.unicodeScalars.count), !Self.reserved.contains(type)
        else {
            throw .type
        }
        guard let payload else { throw .payload }
        var frame = Array(#"{"type":"#.utf8)
        JSONText.appendQuoted(type, to: &frame)
        frame += Array(#","external":true,"payload":{"#.utf8)
        frame += try Self.withoutNumbering(Array(json[payload]))
        frame += Array("}}".utf8)
        self.frame = frame
    }

    private static func members(_ json: [UInt8]) throws(Fault) -> (type: String?, payload: Range<Int>?) {
        var type: String?
        var payload: Range<Int>?
        try Self.scan(json) { name, value, reader in
            switch (name, value.kind) {
            case ("type", .string): type = reader.text(value)
            case ("type", _): type = nil
            case ("payload", .object): payload = value.range
            case ("payload", _): payload = nil
            default: break
            }
        }
        return (type, payload)
    }

    /// The members of an object, as JSON without its braces.
    private static func withoutNumbering(_ json: [UInt8]) throws(Fault) -> [UInt8] {
        var out: [UInt8] = []
        try Self.scan(json) { name, value, _ in
            guard !Self.numbering.contains(name) else { return }
            if !out.isEmpty { out.append(UInt8(ascii: ",")) }
            JSONText.appendQuoted(name, to: &out)
            out.append(UInt8(ascii: ":"))
            var range = value.range
            if case .string = value.kind { range = range.lowerBound - 1..<range.upperBound + 1 }
            out += json[range]
        }
        return out
    }

    private static func scan(
        _ json: [UInt8], _ member: (_ name: String, _ value: JSONScanner.Value, _ reader: JSONScanner) -> Void
    ) throws(Fault) {
        let isObject = json.withUnsafeBufferPointer { bytes in
            var scanner = JSONScanner(bytes)
            let reader = scanner
            do {
                try scanner.scanDocument { name, value in member(reader.text(name), value, reader) }
                return true
            } catch {
                return false
            }
        }
        guard isObject else { throw .malformed }
    }
}
