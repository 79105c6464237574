import ChurnCore

/// A value of a booster file in libxgboost's binary JSON, as far as a check needs it.
enum UBJValue {
    case integer(Int)
    case text(String)
    case integers([Int])
    case numbers([Float])
    case array([UBJValue])
    case object([String: UBJValue])
    /// Anything else: null, a boolean, a single fraction.
    case other
}

/// Reads libxgboost's binary JSON and refuses everything that libxgboost does not write.
///
/// libxgboost 1.7 reads past the end of a damaged file, so that no file gets there which was not read here first.
struct UBJReader {
    private static let maximumDepth = 32

    private var rest: ArraySlice<UInt8>

    /// Reads a whole file.
    static func read(_ bytes: [UInt8]) throws -> UBJValue {
        var reader = UBJReader(rest: bytes[...])
        let value = try reader.value(depth: 0)
        guard reader.rest.isEmpty else { throw Self.damaged }
        return value
    }

    private static var damaged: ChurnError {
        ChurnError(
            .modelRefused, .fatal, during: "load a model",
            advice: "the booster is not in libxgboost's binary JSON, or is damaged; train again or copy it again")
    }

    private mutating func byte() throws -> UInt8 {
        guard let byte = self.rest.popFirst() else { throw Self.damaged }
        return byte
    }

    private mutating func integer(width: Int) throws -> Int {
        guard self.rest.count >= width else { throw Self.damaged }
        let bits = self.rest.prefix(width).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        self.rest = self.rest.dropFirst(width)
        let unused = 64 - 8 * width
        return Int(Int64(bitPattern: bits << unused) >> unused)
    }

    /// A length, of something whose parts take at least `size` bytes each.
    private mutating func length(ofParts size: Int = 1) throws -> Int {
        guard try self.byte() == UInt8(ascii: "L") else { throw Self.damaged }
        let length = try self.integer(width: 8)
        guard length >= 0, length <= self.rest.count / size else { throw Self.damaged }
        return length
    }

    private mutating func text() throws -> String {
        let length = try self.length()
        let bytes = self.rest.prefix(length)
        self.rest = self.rest.dropFirst(length)
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Self.damaged }
        return text
    }

    private mutating func value(depth: Int) throws -> UBJValue {
        guard depth < Self.maximumDepth else { throw Self.damaged }
        switch try self.byte() {
        case UInt8(ascii: "{"): return .object(try self.object(depth: depth))
        case UInt8(ascii: "["): return try self.array(depth: depth)
        case UInt8(ascii: "S"): return .text(try self.text())
        case UInt8(ascii: "Z"), UInt8(ascii: "T"), UInt8(ascii: "F"): return .other
        case UInt8(ascii: "d"):
            _ = try self.integer(width: 4)
            return .other
        case let type:
            guard let width = Self.widths[type] else { throw Self.damaged }
            return .integer(try self.integer(width: width))
        }
    }

    private static let widths: [UInt8: Int] = [
        UInt8(ascii: "i"): 1, UInt8(ascii: "U"): 1, UInt8(ascii: "I"): 2, UInt8(ascii: "l"): 4, UInt8(ascii: "L"): 8,
    ]

    private mutating func object(depth: Int) throws -> [String: UBJValue] {
        var object: [String: UBJValue] = [:]
        while self.rest.first != UInt8(ascii: "}") {
            let name = try self.text()
            guard object.updateValue(try self.value(depth: depth + 1), forKey: name) == nil else { throw Self.damaged }
        }
        self.rest = self.rest.dropFirst()
        return object
    }

    /// `[#` and a length, or `[$`, the type of all elements, `#` and a length.
    private mutating func array(depth: Int) throws -> UBJValue {
        switch try self.byte() {
        case UInt8(ascii: "#"):
            let count = try self.length()
            return .array(try (0..<count).map { _ in try self.value(depth: depth + 1) })
        case UInt8(ascii: "$"):
            let type = try self.byte()
            let width = type == UInt8(ascii: "d") ? 4 : Self.widths[type]
            guard let width, try self.byte() == UInt8(ascii: "#") else { throw Self.damaged }
            let count = try self.length(ofParts: width)
            let integers = try (0..<count).map { _ in try self.integer(width: width) }
            guard type == UInt8(ascii: "d") else { return .integers(integers) }
            return .numbers(integers.map { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) })
        default:
            throw Self.damaged
        }
    }
}

extension UBJValue {
    /// The value at a path of names; nil where there is none.
    subscript(_ path: String...) -> UBJValue? {
        path.reduce(self) { value, name in
            if case .object(let object) = value { object[name] } else { nil }
        }
    }

    /// The text; nil where it is none.
    var text: String? { if case .text(let text) = self { text } else { nil } }

    /// The whole number; nil where it is none.
    var integer: Int? { if case .integer(let integer) = self { integer } else { nil } }

    /// The elements, where it is an array of values.
    var elements: [UBJValue]? { if case .array(let elements) = self { elements } else { nil } }

    /// The number of elements, where it is an array.
    var count: Int? {
        switch self {
        case .integers(let integers): integers.count
        case .numbers(let numbers): numbers.count
        case .array(let elements): elements.count
        default: nil
        }
    }

    /// The whole numbers, where it is an array of nothing else.
    var integers: [Int]? {
        switch self {
        case .integers(let integers): integers
        case .numbers(let numbers): numbers.isEmpty ? [] : nil
        case .array(let elements):
            elements.reduce(into: [] as [Int]?) { numbers, element in
                if case .integer(let number) = element { numbers?.append(number) } else { numbers = nil }
            }
        default: nil
        }
    }

    /// The fractions, where it is an array of nothing else.
    var numbers: [Float]? { if case .numbers(let numbers) = self { numbers } else { nil } }
}
