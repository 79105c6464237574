/// Walks along the members of a JSON object that a ``JSONScanner`` has accepted, and so checks nothing again.
struct JSONMembers {
    /// A member by its bytes.
    struct Member {
        /// The characters between the quotes of the name.
        var name: Range<Int>
        var nameHasEscapes: Bool
        /// The value as it stands, a text with its quotes.
        var value: Range<Int>
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        self.skipSpace()
        self.index += 1
    }

    /// The next member; nil after the last one.
    mutating func next() -> Member? {
        self.skipSpace()
        if self.peek == UInt8(ascii: ",") {
            self.index += 1
            self.skipSpace()
        }
        guard self.peek == UInt8(ascii: "\"") else { return nil }
        let start = self.index
        let hasEscapes = self.skipText()
        let name = start + 1..<max(start + 1, self.index - 1)
        self.skipSpace()
        guard self.peek == UInt8(ascii: ":") else { return nil }
        self.index += 1
        self.skipSpace()
        let begin = self.index
        self.skipValue()
        guard self.index > begin else { return nil }
        return Member(name: name, nameHasEscapes: hasEscapes, value: begin..<self.index)
    }

    private var peek: UInt8? { self.index < self.bytes.count ? self.bytes[self.index] : nil }

    private mutating func skipSpace() {
        while let byte = self.peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { self.index += 1 }
    }

    /// Goes behind the text whose quote is next; returns whether it holds escapes.
    private mutating func skipText() -> Bool {
        var hasEscapes = false
        self.index += 1
        while let byte = self.peek {
            self.index += 1
            if byte == UInt8(ascii: "\"") { break }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                self.index += 1
            }
        }
        self.index = min(self.index, self.bytes.count)
        return hasEscapes
    }

    private mutating func skipValue() {
        var depth = 0
        while let byte = self.peek {
            switch byte {
            case UInt8(ascii: "\""):
                _ = self.skipText()
                if depth == 0 { return }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                // The end of the object around, or of the value.
                if depth == 0 { return }
                depth -= 1
                if depth == 0 {
                    self.index += 1
                    return
                }
            case UInt8(ascii: ","), 0x20, 0x0A, 0x0D, 0x09: if depth == 0 { return }
            default: break
            }
            self.index += 1
        }
    }
}
