#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A JSON value of a request's body.
enum JSONValue: Equatable, Sendable {
    case null
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    /// No body of ours is nested deeper; the parser's own bound would need much of a thread's stack.
    private static let maximumDepth = 32

    /// Reads JSON text; nil where it is anything else, is nested too deeply, or has a number that is not finite.
    static func parse(_ bytes: [UInt8]) -> JSONValue? {
        guard Self.depth(of: bytes) <= Self.maximumDepth else { return nil }
        return try? JSONDecoder().decode(JSONValue.self, from: Data(bytes))
    }

    private static func depth(of bytes: [UInt8]) -> Int {
        var depth = 0
        var deepest = 0
        var isText = false
        var isEscaped = false
        for byte in bytes {
            if isText {
                if !isEscaped, byte == UInt8(ascii: "\"") { isText = false }
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isText = true
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                deepest = max(deepest, depth)
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
        }
        return deepest
    }
}

extension JSONValue {
    /// The largest whole number that a reader of JSON must keep exactly.
    static let largestExact = 9_007_199_254_740_991

    /// A customer's id: text, or a whole number, whose digits are the id; nil for anything else, and for a number whose
    /// last digits may be lost.
    var customerID: String? {
        switch self {
        case .text(let id): id
        case .number(let number) where number.magnitude <= Double(Self.largestExact):
            Int64(exactly: number).map { String($0) }
        default: nil
        }
    }
}

extension JSONValue: Decodable {
    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let list = try? value.decode([JSONValue].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: JSONValue].self))
        }
    }
}
