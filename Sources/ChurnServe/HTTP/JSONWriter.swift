import ChurnCore

/// Writes JSON text, in the order in which it is told.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    mutating func object(_ body: (inout JSONWriter) -> Void) { self.nested("{", "}", body) }

    mutating func array<Element>(_ elements: some Sequence<Element>, _ body: (inout JSONWriter, Element) -> Void) {
        self.nested("[", "]") { json in
            for element in elements {
                json.separate()
                body(&json, element)
                json.needsComma = true
            }
        }
    }

    mutating func field(_ name: String, _ value: String?) { self.named(name) { $0.value(value) } }
    mutating func field(_ name: String, _ value: Int) { self.named(name) { $0.append("\(value)") } }
    mutating func field(_ name: String, _ value: Int64?) {
        self.named(name) { json in json.append(value.map { "\($0)" } ?? "null") }
    }
    mutating func field(_ name: String, _ value: Bool) { self.named(name) { $0.append(value ? "true" : "false") } }
    mutating func field(_ name: String, _ value: Double?) { self.named(name) { $0.value(value) } }
    mutating func field(_ name: String, object body: (inout JSONWriter) -> Void) {
        self.named(name) { $0.object(body) }
    }
    /// Writes an object, or null where there is none.
    mutating func field<Value>(
        _ name: String, optional value: Value?, _ body: (inout JSONWriter, Value) -> Void
    ) {
        guard let value else { return self.field(name, String?.none) }
        self.field(name, object: { body(&$0, value) })
    }
    mutating func field<Element>(
        _ name: String, array elements: some Sequence<Element>, _ body: (inout JSONWriter, Element) -> Void
    ) {
        self.named(name) { $0.array(elements, body) }
    }
    mutating func field(_ name: String, _ value: FeatureValue) {
        switch value {
        case .missing: self.field(name, Double?.none)
        case .number(let number): self.field(name, number)
        case .text(let text): self.field(name, text)
        case .boolean(let flag): self.field(name, flag)
        }
    }
    /// Writes an element of an array.
    mutating func element(_ text: String) { self.value(text) }
    /// Writes a value that is JSON already.
    mutating func field(_ name: String, json raw: [UInt8]) { self.named(name) { $0.bytes.append(contentsOf: raw) } }

    private mutating func value(_ value: Double?) {
        guard let value, value.isFinite else { return self.append("null") }
        if let whole = Int64(exactly: value) { self.append("\(whole)") } else { self.append("\(value)") }
    }

    private mutating func value(_ text: String?) {
        guard let text else { return self.append("null") }
        self.bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): self.append("\\\"")
            case UInt8(ascii: "\\"): self.append("\\\\")
            case UInt8(ascii: "\n"): self.append("\\n")
            case UInt8(ascii: "\r"): self.append("\\r")
            case UInt8(ascii: "\t"): self.append("\\t")
            case ..<0x20:
                self.append(byte < 0x10 ? "\\u000" : "\\u00")
                self.append(String(byte, radix: 16))
            default: self.bytes.append(byte)
            }
        }
        self.bytes.append(UInt8(ascii: "\""))
    }

    private mutating func named(_ name: String, _ body: (inout JSONWriter) -> Void) {
        self.separate()
        self.value(name)
        self.append(":")
        body(&self)
        self.needsComma = true
    }

    private mutating func nested(_ open: String, _ close: String, _ body: (inout JSONWriter) -> Void) {
        self.append(open)
        self.needsComma = false
        body(&self)
        self.append(close)
        self.needsComma = true
    }

    private mutating func separate() {
        if self.needsComma { self.append(",") }
        self.needsComma = false
    }

    private mutating func append(_ text: String) { self.bytes.append(contentsOf: text.utf8) }
}
