import ChurnCore
import NIOCore

/// Writes JSON text, in the order in which it is told.
struct JSONWriter: ~Copyable {
    private var text = TextBytes()
    private var needsComma = false

    /// What was written.
    var bytes: [UInt8] { self.text.withBytes { Array($0) } }
    /// What was written, as the body of an answer.
    var buffer: ByteBuffer { self.text.withBytes { ByteBuffer(bytes: $0) } }

    mutating func object(_ body: (inout JSONWriter) -> Void) {
        self.text.append(UInt8(ascii: "{"))
        self.needsComma = false
        body(&self)
        self.text.append(UInt8(ascii: "}"))
        self.needsComma = true
    }

    mutating func array<Element>(_ elements: some Sequence<Element>, _ body: (inout JSONWriter, Element) -> Void) {
        self.beginArray()
        self.add(elements, of: elements.underestimatedCount, body)
        self.endArray()
    }

    /// Begins an array whose elements are added in portions.
    mutating func beginArray() {
        self.text.append(UInt8(ascii: "["))
        self.needsComma = false
    }
    /// Adds elements to an array that was begun.
    ///
    /// - Parameter expected: how many there may be, with those that follow.
    mutating func add<Element>(
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
    mutating func endArray() {
        self.text.append(UInt8(ascii: "]"))
        self.needsComma = true
    }
    /// After so many elements of an array, room is made for the others.
    private static let sample = 32

    mutating func field(_ name: String, _ value: String?) {
        self.begin(name)
        self.value(value)
    }
    mutating func field(_ name: String, _ value: Int) { self.field(name, Int64(value)) }
    mutating func field(_ name: String, _ value: Int64?) {
        self.begin(name)
        if let value { self.digits(value) } else { self.text.append("null") }
    }
    mutating func field(_ name: String, _ value: Bool) {
        self.begin(name)
        self.text.append(value ? "true" : "false")
    }
    mutating func field(_ name: String, _ value: Double?) {
        self.begin(name)
        self.value(value)
    }
    /// Writes a point in time as ISO 8601 text.
    mutating func field(_ name: String, _ time: Timestamp?) {
        self.begin(name)
        guard let time else { return self.text.append("null") }
        self.text.append(most: Timestamp.longestISO8601 + 2) { room in
            room[0] = UInt8(ascii: "\"")
            let count = time.writeISO8601(to: UnsafeMutableBufferPointer(rebasing: room[1...]))
            room[count + 1] = UInt8(ascii: "\"")
            return count + 2
        }
    }
    mutating func field(_ name: String, object body: (inout JSONWriter) -> Void) {
        self.begin(name)
        self.object(body)
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
        self.begin(name)
        self.array(elements, body)
    }
    mutating func field(_ name: String, _ value: FeatureValue) {
        self.begin(name)
        switch value {
        case .missing: self.text.append("null")
        case .number(let number): self.value(number)
        case .text(let text): self.quote(text)
        case .boolean(let flag): self.text.append(flag ? "true" : "false")
        }
    }
    /// Writes an element of an array.
    mutating func element(_ text: String) { self.quote(text) }
    /// Writes a value that is JSON already.
    mutating func field(_ name: String, json raw: [UInt8]) {
        self.begin(name)
        raw.withUnsafeBufferPointer { self.text.append($0) }
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
            self.text.append(most: utf8.count * JSONEscapes.longest + 3) { room in
                let end = JSONEscapes.quote(utf8, into: room)
                room[end] = UInt8(ascii: ":")
                return end + 1
            }
        }
        self.needsComma = true
    }

    private mutating func value(_ text: String?) {
        if let text { self.quote(text) } else { self.text.append("null") }
    }

    private mutating func value(_ value: Double?) {
        guard let value, value.isFinite else { return self.text.append("null") }
        if let whole = Int64(exactly: value) { return self.digits(whole) }
        // Amounts of money: no text is shorter, and finding the shortest of any number takes several times as long.
        let cents = (value * 100).rounded()
        guard cents.magnitude < 1e12, cents / 100 == value else { return self.text.append(value.description) }
        if value < 0 { self.text.append(UInt8(ascii: "-")) }
        let (whole, rest) = Int64(cents.magnitude).quotientAndRemainder(dividingBy: 100)
        self.digits(whole)
        self.text.append(most: 3) { room in
            room[0] = UInt8(ascii: ".")
            room[1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / 10)
            room[2] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            return rest % 10 == 0 ? 2 : 3
        }
    }

    private mutating func digits(_ number: Int64) {
        self.text.append(most: 20) { room in
            var (rest, place) = (number.magnitude, 20)
            // Most numbers are short, and those are written where they stay.
            if rest < 10 { place = number < 0 ? 2 : 1 } else if rest < 100 { place = number < 0 ? 3 : 2 }
            let end = place
            repeat {
                place -= 1
                room[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            if number < 0 {
                place -= 1
                room[place] = UInt8(ascii: "-")
            }
            if place > 0 { for index in place..<end { room[index - place] = room[index] } }
            return end - place
        }
    }

    private mutating func quote(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            self.text.append(most: utf8.count * JSONEscapes.longest + 2) { JSONEscapes.quote(utf8, into: $0) }
        }
    }
}
