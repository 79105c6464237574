/// Walks over JSON text (RFC 8259) in UTF-8 without building a tree, and refuses what a store cannot keep.
///
/// Beyond the grammar it refuses `\u0000`, half surrogate pairs, nesting deeper than 64 and numbers outside what
/// PostgreSQL's `numeric` holds. The bytes must be valid UTF-8 already.
struct JSONScanner {
    /// The reason why a text was refused, with the byte offset at which it shows.
    enum Fault: Error, Equatable {
        case syntax(at: Int)
        case tooDeep(at: Int)
        case unstorable(at: Int)
        case numberOutOfRange(at: Int)
    }

    /// A value by its kind and its bytes.
    struct Value {
        enum Kind: Equatable {
            /// The range is that of the characters between the quotes.
            case string(hasEscapes: Bool)
            case number, bool(Bool), null, object, array
        }
        var kind: Kind
        var range: Range<Int>
    }

    static let maximumDepth = 64
    private static let maximumNumberLength = 400
    private static let maximumExponent = 9_000

    let bytes: UnsafeBufferPointer<UInt8>
    private(set) var index = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Scans one object that is the whole text, and hands each member's name (as it stands between its quotes) and
    /// value to `member`.
    mutating func scanDocument(
        _ member: (_ name: Value, _ value: Value) throws -> Void
    ) throws {
        self.skipSpace()
        guard self.peek() == UInt8(ascii: "{") else { throw Fault.syntax(at: self.index) }
        try self.scanObject(depth: 1, member)
        self.skipSpace()
        guard self.index == self.bytes.count else { throw Fault.syntax(at: self.index) }
    }

    /// Scans the object whose opening brace is next.
    mutating func scanObject(depth: Int, _ member: (Value, Value) throws -> Void) throws {
        guard depth <= Self.maximumDepth else { throw Fault.tooDeep(at: self.index) }
        self.index += 1
        self.skipSpace()
        if self.peek() == UInt8(ascii: "}") {
            self.index += 1
            return
        }
        while true {
            self.skipSpace()
            guard self.peek() == UInt8(ascii: "\"") else { throw Fault.syntax(at: self.index) }
            let name = try self.scanString()
            self.skipSpace()
            guard self.peek() == UInt8(ascii: ":") else { throw Fault.syntax(at: self.index) }
            self.index += 1
            try member(name, try self.scanValue(depth: depth))
            self.skipSpace()
            switch self.peek() {
            case UInt8(ascii: ","): self.index += 1
            case UInt8(ascii: "}"):
                self.index += 1
                return
            default: throw Fault.syntax(at: self.index)
            }
        }
    }

    /// Scans one value of any kind, after white space.
    mutating func scanValue(depth: Int) throws -> Value {
        self.skipSpace()
        let start = self.index
        switch self.peek() {
        case UInt8(ascii: "\""): return try self.scanString()
        case UInt8(ascii: "{"):
            try self.scanObject(depth: depth + 1) { _, _ in }
            return Value(kind: .object, range: start..<self.index)
        case UInt8(ascii: "["):
            try self.scanArray(depth: depth + 1)
            return Value(kind: .array, range: start..<self.index)
        case UInt8(ascii: "t"): return try self.scanWord("true", .bool(true))
        case UInt8(ascii: "f"): return try self.scanWord("false", .bool(false))
        case UInt8(ascii: "n"): return try self.scanWord("null", .null)
        default: return try self.scanNumber()
        }
    }

    private mutating func scanArray(depth: Int) throws {
        guard depth <= Self.maximumDepth else { throw Fault.tooDeep(at: self.index) }
        self.index += 1
        self.skipSpace()
        if self.peek() == UInt8(ascii: "]") {
            self.index += 1
            return
        }
        while true {
            _ = try self.scanValue(depth: depth)
            self.skipSpace()
            switch self.peek() {
            case UInt8(ascii: ","): self.index += 1
            case UInt8(ascii: "]"):
                self.index += 1
                return
            default: throw Fault.syntax(at: self.index)
            }
        }
    }

    private mutating func scanString() throws -> Value {
        self.index += 1
        let start = self.index
        var hasEscapes = false
        while self.index < self.bytes.count {
            switch self.bytes[self.index] {
            case UInt8(ascii: "\""):
                let value = Value(kind: .string(hasEscapes: hasEscapes), range: start..<self.index)
                self.index += 1
                return value
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try self.scanEscape()
            case 0..<0x20: throw Fault.syntax(at: self.index)
            default: self.index += 1
            }
        }
        throw Fault.syntax(at: self.index)
    }

    private mutating func scanEscape() throws {
        let start = self.index
        self.index += 1
        switch self.peek() {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            self.index += 1
        case UInt8(ascii: "u"):
            let unit = try self.scanHex()
            switch unit {
            case 0: throw Fault.unstorable(at: start)
            case 0xD800..<0xDC00:
                guard self.peek() == UInt8(ascii: "\\") else { throw Fault.unstorable(at: start) }
                self.index += 1
                guard self.peek() == UInt8(ascii: "u") else { throw Fault.unstorable(at: start) }
                guard (0xDC00..<0xE000).contains(try self.scanHex()) else { throw Fault.unstorable(at: start) }
            case 0xDC00..<0xE000: throw Fault.unstorable(at: start)
            default: break
            }
        default: throw Fault.syntax(at: self.index)
        }
    }

    /// Scans the four digits after the `u` at the index.
    private mutating func scanHex() throws -> UInt16 {
        var unit: UInt16 = 0
        for offset in 1...4 {
            guard self.index + offset < self.bytes.count, let digit = Self.hexDigit(self.bytes[self.index + offset])
            else { throw Fault.syntax(at: min(self.index + offset, self.bytes.count)) }
            unit = unit << 4 | UInt16(digit)
        }
        self.index += 5
        return unit
    }

    static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private mutating func scanWord(_ word: StaticString, _ kind: Value.Kind) throws -> Value {
        let start = self.index
        for offset in 0..<word.utf8CodeUnitCount {
            guard self.peek() == word.utf8Start[offset] else { throw Fault.syntax(at: self.index) }
            self.index += 1
        }
        return Value(kind: kind, range: start..<self.index)
    }

    private mutating func scanNumber() throws -> Value {
        let start = self.index
        if self.peek() == UInt8(ascii: "-") { self.index += 1 }
        if self.peek() == UInt8(ascii: "0") { self.index += 1 } else { _ = try self.scanDigits() }
        if self.peek() == UInt8(ascii: ".") {
            self.index += 1
            _ = try self.scanDigits()
        }
        if self.peek() == UInt8(ascii: "e") || self.peek() == UInt8(ascii: "E") {
            self.index += 1
            if self.peek() == UInt8(ascii: "+") || self.peek() == UInt8(ascii: "-") { self.index += 1 }
            guard try self.scanDigits() <= Self.maximumExponent else { throw Fault.numberOutOfRange(at: start) }
        }
        guard self.index - start <= Self.maximumNumberLength else { throw Fault.numberOutOfRange(at: start) }
        return Value(kind: .number, range: start..<self.index)
    }

    /// Scans at least one digit and returns the number they make, or the largest integer where it would not fit.
    private mutating func scanDigits() throws -> Int {
        let start = self.index
        var number = 0
        while let byte = self.peek(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            number = number > 1_000_000_000 ? Int.max / 16 : number * 10 + Int(byte - UInt8(ascii: "0"))
            self.index += 1
        }
        guard self.index > start else { throw Fault.syntax(at: self.index) }
        return number
    }

    private func peek() -> UInt8? { self.index < self.bytes.count ? self.bytes[self.index] : nil }

    private mutating func skipSpace() {
        while let byte = self.peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { self.index += 1 }
    }
}
