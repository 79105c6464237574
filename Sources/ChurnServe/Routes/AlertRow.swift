import ChurnCore

/// How alerts are written, with what is shown of their customers: thousands on a page, all with the same names.
struct AlertRow: Sendable {
    private let bands: RiskBands
    /// Every name with what stands before and behind it, one after the other.
    private let names: [UInt8]
    /// Where each name ends.
    private let ends: [Int]

    /// What every alert has, in the order in which it is written; then come the domain's update fields.
    private static let own = [
        "id", "customer_id", "churn_probability", "churn_risk", "event_type", "event_timestamp", "became_at_risk",
    ]

    init(_ domain: Domain) {
        self.bands = domain.bands
        var (names, ends): ([UInt8], [Int]) = ([], [])
        for name in Self.own + domain.updateFields.map(\.name) {
            var json = JSONWriter()
            json.object { $0.field(name, true) }
            // As in {"name":true}, and a comma instead of the brace before every name but the first.
            var bytes = Array(json.bytes.dropLast(5))
            if !names.isEmpty { bytes[0] = UInt8(ascii: ",") }
            names += bytes
            ends.append(names.count)
        }
        (self.names, self.ends) = (names, ends)
    }

    /// Writes an alert as an element of an array.
    func write(_ alert: LoggedAlert, to json: inout JSONWriter) {
        let shown = alert.shown ?? [FeatureValue](repeating: .missing, count: self.ends.count - Self.own.count)
        let (type, band) = (alert.type.rawValue, alert.probability.map { self.bands.band(of: $0).rawValue })
        var texts = alert.customerID.utf8.count + type.utf8.count + (band?.utf8.count ?? 0)
        for case .text(let text) in shown { texts += text.utf8.count }
        // A quote at each end of a text and the last brace take no more than the numbers leave.
        let most = self.names.count + texts * JSONEscapes.longest + (self.ends.count + 1) * JSONNumbers.longest
        json.element(most: most) { room in
            self.names.withUnsafeBufferPointer { names in
                var line = Line(room: room, names: names)
                line.name(upTo: self.ends[0])
                line.add { JSONNumbers.write(alert.eventID, into: $0) }
                line.name(upTo: self.ends[1])
                line.add(alert.customerID)
                line.name(upTo: self.ends[2])
                line.add { JSONNumbers.write(alert.probability, into: $0) }
                line.name(upTo: self.ends[3])
                if let band { line.add(band) } else { line.addNull() }
                line.name(upTo: self.ends[4])
                line.add(type)
                line.name(upTo: self.ends[5])
                line.add { alert.time.writeJSON(into: $0) }
                line.name(upTo: self.ends[6])
                line.add(alert.becameAtRisk)
                for (end, value) in zip(self.ends.dropFirst(Self.own.count), shown) {
                    line.name(upTo: end)
                    switch value {
                    case .missing: line.addNull()
                    case .number(let number): line.add { JSONNumbers.write(number, into: $0) }
                    case .text(let text): line.add(text)
                    case .boolean(let flag): line.add(flag)
                    }
                }
                return line.end()
            }
        }
    }
}

/// A row on its way into room that is known to suffice.
private struct Line {
    private let room: UnsafeMutableBufferPointer<UInt8>
    private let names: UnsafeBufferPointer<UInt8>
    private var (count, named) = (0, 0)

    init(room: UnsafeMutableBufferPointer<UInt8>, names: UnsafeBufferPointer<UInt8>) {
        (self.room, self.names) = (room, names)
    }

    @inline(__always)
    mutating func add(_ write: (UnsafeMutableBufferPointer<UInt8>) -> Int) {
        self.count += write(UnsafeMutableBufferPointer(rebasing: self.room[self.count...]))
    }

    /// Adds the next name, which ends at a place among all of them.
    @inline(__always)
    mutating func name(upTo end: Int) {
        let name = UnsafeBufferPointer(rebasing: self.names[self.named..<end])
        self.add { room in
            _ = room.update(fromContentsOf: name)
            return name.count
        }
        self.named = end
    }

    mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in self.add { JSONEscapes.quote(utf8, into: $0) } }
    }

    mutating func add(_ flag: Bool) { self.add { JSONNumbers.copy(flag ? "true" : "false", into: $0) } }

    mutating func addNull() { self.add { JSONNumbers.write(Double?.none, into: $0) } }

    /// Ends the row and returns its length.
    mutating func end() -> Int {
        self.room[self.count] = UInt8(ascii: "}")
        return self.count + 1
    }
}
