public import ChurnCore

/// An event as a producer would send it.
public struct SimulatedEvent: Hashable, Sendable {
    /// The customer; its UTF-8 is the record's key.
    public var customerID: String
    /// The type of event.
    public var type: EventType
    /// The record's value: the contract's JSON in UTF-8.
    public var json: [UInt8]

    /// The record's key for keyed topics.
    public var key: [UInt8] { Array(self.customerID.utf8) }

    /// Creates an event.
    public init(customerID: String, type: EventType, json: [UInt8]) {
        self.customerID = customerID
        self.type = type
        self.json = json
    }
}

/// Makes events of any domain: evenly over the customers, by the weights of the domain's event types.
///
/// The same domain, customers, seed and times give the same bytes.
public struct EventSimulator: Sendable {
    private let customerIDs: [String]
    private let types: [(element: Int, weight: Double)]
    private let rules: [EventRule]
    private var random: SeededRandom

    /// Creates a simulator.
    ///
    /// - Throws: where there are no customers, or the domain has no event type with a weight.
    public init(domain: Domain, customerIDs: [String], seed: UInt64) throws {
        self.customerIDs = customerIDs
        self.rules = domain.eventOrder.compactMap { domain.events[$0] }
        self.types = self.rules.enumerated().filter { $1.weight > 0 }.map { ($0, $1.weight) }
        self.random = SeededRandom(seed: seed)
        guard !customerIDs.isEmpty else {
            throw ChurnError(
                .invalidConfiguration, .fatal, during: "simulate events", advice: "there are no customers; import some")
        }
        guard !self.types.isEmpty else {
            throw ChurnError(
                .invalidConfiguration, .fatal, during: "simulate events",
                advice: "the domain \(domain.name) has no event type with a weight above 0")
        }
    }

    /// The next event, happening at `time`.
    public mutating func next(at time: Timestamp) -> SimulatedEvent {
        let customerID = self.customerIDs[self.random.index(below: self.customerIDs.count)]
        let rule = self.rules[self.random.pick(self.types) ?? 0]
        return SimulatedEvent(
            customerID: customerID, type: rule.type, json: Self.json(customerID, rule, time))
    }

    private static func json(_ customerID: String, _ rule: EventRule, _ time: Timestamp) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(160)
        bytes += #"{"event_type": "#.utf8
        bytes.appendJSONText(rule.type.rawValue)
        bytes += #", "user_id": "#.utf8
        bytes.appendJSONText(customerID)
        bytes += #", "details": "#.utf8
        bytes.appendJSONText(rule.details)
        bytes += #", "timestamp": "#.utf8
        // As a decimal fraction of whole microseconds: a Double's description may use an exponent.
        let (seconds, micros) = time.microseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        let fraction = String(micros)
        if time.microseconds < 0 { bytes += "-".utf8 }
        bytes += "\(seconds).".utf8
        bytes += repeatElement(UInt8(ascii: "0"), count: 6 - fraction.utf8.count)
        bytes += fraction.utf8
        bytes += "}".utf8
        return bytes
    }
}

extension [UInt8] {
    fileprivate mutating func appendJSONText(_ text: String) {
        self.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                self.append(UInt8(ascii: "\\"))
                self.append(byte)
            case 0..<0x20:
                let hex = String(byte, radix: 16)
                self += "\\u".utf8
                self += repeatElement(UInt8(ascii: "0"), count: 4 - hex.utf8.count)
                self += hex.utf8
            default:
                self.append(byte)
            }
        }
        self.append(UInt8(ascii: "\""))
    }
}
