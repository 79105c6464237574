/// Writes JSON text, in the order of the calls.
package struct JSONWriter: ~Copyable {
    private var text = TextBytes()
    private var needsComma = false

    /// The bytes that were written.
    package var bytes: [UInt8] { self.text.withBytes { Array($0) } }
    /// The number of bytes that were written.
    package var count: Int { self.text.count }

    package init() {}

    /// Calls `body` with all bytes, which are valid until it returns.
    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try self.text.withBytes(body)
    }
    /// Forgets all bytes and keeps the room.
    package mutating func removeAll() { self.text.removeAll() }

    package mutating func object(_ body: (inout JSONWriter) -> Void) {
        self.text.append(UInt8(ascii: "{"))
        self.needsComma = false
        body(&self)
        self.text.append(UInt8(ascii: "}"))
        self.needsComma = true
    }

    package mutating func array<Element>(
        _ elements: some Sequence<Element>, _ body: (inout JSONWriter, Element) -> Void
    ) {
        self.beginArray()
        self.add(elements, of: elements.underestimatedCount, body)
        self.endArray()
    }

    /// Begins an array whose elements are added in portions.
    package mutating func beginArray() {
        self.text.append(UInt8(ascii: "["))
        self.needsComma = false
    }
    /// Adds elements to an array that was begun.
    ///
    /// - Parameter expected: how many there may be, with those that follow.
    package mutating func add<Element>(
        _ elements: some Sequence<Element>, of expected: Int, _ body: (inout JSONWriter, Element) -> Void
    ) {
        let start = self.text.count
        var written = 0
        for element in elements {
            self.separate()
            body(&self, element)
            self.needsComma = true
            written += 1
            if written == Self.sample, expected > written {
                let length = (self.text.count - start) / written
                self.text.reserve((length + length / 8 + 1) * (expected - written))
            }
        }
    }
    /// Ends an array that was begun.
    package mutating func endArray() {
        self.text.append(UInt8(ascii: "]"))
        self.needsComma = true
    }
    /// After this many elements of an array, room is made for the others.
    private static let sample = 32

    // MARK: Members

    package mutating func field(_ name: String, _ value: String?) {
        self.begin(name)
        self.value(value)
    }
    package mutating func field(_ name: String, _ value: Int) { self.field(name, Int64(value)) }
    package mutating func field(_ name: String, _ value: Int64?) {
        self.begin(name)
        self.value(value)
    }
    package mutating func field(_ name: String, _ value: Bool) {
        self.begin(name)
        self.value(value)
    }
    package mutating func field(_ name: String, _ value: Double?) {
        self.begin(name)
        self.value(value)
    }
    /// Writes an amount of money with its two decimals.
    package mutating func field(_ name: String, money value: Double?) {
        self.begin(name)
        self.value(money: value)
    }
    /// Writes a point in time as ISO 8601 text.
    package mutating func field(_ name: String, _ time: Timestamp?) {
        self.begin(name)
        self.value(time)
    }
    package mutating func field(_ name: String, object body: (inout JSONWriter) -> Void) {
        self.begin(name)
        self.object(body)
    }
    /// Writes an object, or null where there is none.
    package mutating func field<Value>(
        _ name: String, optional value: Value?, _ body: (inout JSONWriter, Value) -> Void
    ) {
        guard let value else { return self.field(name, String?.none) }
        self.field(name, object: { body(&$0, value) })
    }
    package mutating func field<Element>(
        _ name: String, array elements: some Sequence<Element>, _ body: (inout JSONWriter, Element) -> Void
    ) {
        self.begin(name)
        self.array(elements, body)
    }
    package mutating func field(_ name: String, _ value: FeatureValue) {
        self.begin(name)
        self.value(value)
    }
    /// Writes a value that is JSON already.
    package mutating func field(_ name: String, json raw: [UInt8]) {
        self.begin(name)
        self.value(json: raw)
    }

    /// Returns a member's name as it is written, for members that many objects have.
    package static func name(_ name: String) -> [UInt8] {
        var json = JSONWriter()
        json.begin(name)
        return json.bytes
    }
    /// Begins a member by its name as ``name(_:)`` made it; its value comes next.
    package mutating func begin(_ name: [UInt8]) {
        self.separate()
        name.withUnsafeBufferPointer { self.text.append($0) }
        self.needsComma = true
    }

    // MARK: Values: of a member that was begun, or elements of an array

    package mutating func value(_ text: String?) {
        if let text { self.quote(text) } else { self.text.append("null") }
    }
    package mutating func value(_ number: Int64?) {
        guard let number else { return self.text.append("null") }
        self.text.append(limit: JSONNumbers.longest) { JSONNumbers.write(number, into: $0) }
    }
    package mutating func value(_ flag: Bool) { self.text.append(flag ? "true" : "false") }
    package mutating func value(_ value: Double?) {
        self.text.append(limit: JSONNumbers.longest) { JSONNumbers.write(value, into: $0) }
    }
    package mutating func value(money value: Double?) {
        self.text.append(limit: JSONNumbers.longest) { JSONNumbers.write(money: value, into: $0) }
    }
    package mutating func value(_ time: Timestamp?) {
        guard let time else { return self.text.append("null") }
        self.text.append(limit: Timestamp.longestISO8601 + 2) { time.writeJSON(into: $0) }
    }
    package mutating func value(_ value: FeatureValue) {
        switch value {
        case .missing: self.text.append("null")
        case .number(let number): self.value(number)
        case .text(let text): self.quote(text)
        case .boolean(let flag): self.value(flag)
        }
    }
    package mutating func value(json raw: [UInt8]) { raw.withUnsafeBufferPointer { self.text.append($0) } }
    /// Writes elements of an array, with commas between them, that `write` puts into room for `most` bytes; it returns
    /// how many they are, more than none.
    @inline(__always)
    package mutating func elements(limit: Int, _ write: (UnsafeMutableBufferPointer<UInt8>) -> Int) {
        self.separate()
        self.text.append(limit: limit, write)
        self.needsComma = true
    }
    // MARK: Pieces

    @inline(__always)
    private mutating func separate() {
        if self.needsComma { self.text.append(UInt8(ascii: ",")) }
        self.needsComma = false
    }

    @inline(__always)
    private mutating func begin(_ name: String) {
        self.separate()
        var name = name
        name.withUTF8 { utf8 in
            self.text.append(limit: utf8.count * JSONEscapes.longest + 3) { room in
                let end = JSONEscapes.quote(utf8, into: room)
                room[end] = UInt8(ascii: ":")
                return end + 1
            }
        }
        self.needsComma = true
    }

    private mutating func quote(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            self.text.append(limit: utf8.count * JSONEscapes.longest + 2) { JSONEscapes.quote(utf8, into: $0) }
        }
    }
}
