import ChurnCore

/// A record of a simulation, with what must become of it.
///
/// Its maker knows; nothing is decoded.
struct SimulatedRecord: Sendable {
    enum Meaning: Sendable {
        /// A good event of a known customer.
        case event
        /// A good event of a customer who is imported only at the end.
        case unknownCustomer
        /// A good event that the store refuses until it is fixed.
        case refusedByStore
        /// A good event after which the predictor refuses the customer's features, until it is fixed.
        case refusedByPredictor
        /// Not an event at all.
        case bad(Rejection.Code)
    }

    var partition: Int32
    var offset: Int64 = 0
    var key: [UInt8]?
    var value: [UInt8]?
    var meaning: Meaning
    var customer = ""
    var type = ""
    var sourceEventID: String?
    /// Values that the event sets, by feature name.
    var changes: [(name: String, value: FeatureValue)] = []

    /// The code of the dead letter that the record becomes at first; nil where it becomes none.
    var rejection: Rejection.Code? {
        switch self.meaning {
        case .event: nil
        case .unknownCustomer: .unknownCustomer
        case .refusedByStore: .storeRefused
        case .refusedByPredictor: .predictorRefused
        case .bad(let code): code
        }
    }

    /// Whether the record is an event once everything is fixed.
    var isEvent: Bool { if case .bad = self.meaning { false } else { true } }
}

/// Makes the records of a simulation.
struct SimulatedInput: Sendable {
    static let poisonType = "poison"
    static let poisonTenure = 666.0
    static let ghosts = ["ghost-1", "ghost-2"]

    private let customers: [String]
    private let partitions: Int32
    private let isKeyed: Bool
    private let hasBadRecords: Bool
    private var random: SeededRandom
    private var used: [(customer: String, id: String)] = []
    private var nextSourceID = 0

    init(seed: UInt64, customers: [String], partitions: Int32, isKeyed: Bool, hasBadRecords: Bool) {
        self.customers = customers
        self.partitions = partitions
        self.isKeyed = isKeyed
        self.hasBadRecords = hasBadRecords
        self.random = SeededRandom(seed: seed, stream: 2)
    }

    private static let types = [
        "contract_downgrade", "removed_online_security", "cancelled_autopay", "contract_upgrade", "added_tech_support",
        "enabled_autopay", "monthly_anniversary", "monthly_anniversary", "something_new",
    ]

    mutating func next() -> SimulatedRecord {
        let roll = self.random.uniform()
        if self.hasBadRecords {
            if roll < 0.05 { return self.bad() }
            if roll < 0.08 { return self.event(.unknownCustomer, Self.ghosts[self.random.index(below: 2)]) }
            if roll < 0.10 { return self.event(.refusedByStore, self.anyCustomer()) }
            if roll < 0.12 { return self.event(.refusedByPredictor, self.anyCustomer()) }
        }
        return self.event(.event, self.anyCustomer())
    }

    private mutating func anyCustomer() -> String { self.customers[self.random.index(below: self.customers.count)] }

    private mutating func event(_ meaning: SimulatedRecord.Meaning, _ customer: String) -> SimulatedRecord {
        var record = SimulatedRecord(partition: 0, meaning: meaning, customer: customer)
        record.type = Self.types[self.random.index(below: Self.types.count)]
        switch meaning {
        case .refusedByStore: record.type = Self.poisonType
        case .refusedByPredictor: record.changes = [("tenure", .number(Self.poisonTenure))]
        case .event:
            if self.random.chance(0.15) { record.changes = self.anyChanges() }
            if self.random.chance(0.3) { self.nameSource(of: &record) }
        default: break
        }
        self.place(&record)
        record.value = Array(Self.json(record).utf8)
        return record
    }

    private mutating func anyChanges() -> [(name: String, value: FeatureValue)] {
        switch self.random.index(below: 4) {
        case 0: [("tenure", .number(Double(self.random.index(below: 60))))]
        case 1: [("TotalCharges", .missing)]
        case 2: [("OnlineSecurity", .text("Yes")), ("MonthlyCharges", .number(50.5))]
        default: [("PaymentMethod", .text("Bank transfer (automatic)")), ("TechSupport", .text("No"))]
        }
    }

    /// Gives the event a producer's id: a new one, or one that an earlier event had.
    private mutating func nameSource(of record: inout SimulatedRecord) {
        if self.random.chance(0.4), !self.used.isEmpty {
            let earlier = self.used[self.random.index(below: self.used.count)]
            record.customer = earlier.customer
            record.sourceEventID = earlier.id
        } else {
            self.nextSourceID += 1
            record.sourceEventID = "source-\(self.nextSourceID)"
            self.used.append((record.customer, "source-\(self.nextSourceID)"))
        }
    }

    private mutating func place(_ record: inout SimulatedRecord) {
        if self.isKeyed, !record.customer.isEmpty {
            record.key = Array(record.customer.utf8)
            record.partition = Int32(record.customer.utf8.reduce(0) { $0 &* 31 &+ Int($1) } % Int(self.partitions))
        } else {
            record.partition = Int32(self.random.index(below: Int(self.partitions)))
        }
    }

    private mutating func bad() -> SimulatedRecord {
        let event = "\"event_type\": \"contract_upgrade\", \"user_id\": \"\(self.customers[0])\""
        let choices: [(Rejection.Code, String?)] = [
            (.nullValue, nil), (.invalidJSON, "[1, 2]"), (.invalidJSON, "{\"event_type\": "),
            (.missingField, "{\"user_id\": \"\(self.customers[0])\"}"),
            (.unstorableText, "{\(event), \"details\": \"\\u0000\"}"),
            (.unstorableText, "{\(event), \"details\": \"\\ud800\"}"),
            (.invalidField, "{\(event), \"timestamp\": 1e300}"),
            (.unknownFeature, "{\(event), \"changes\": {\"ShoeSize\": 44}}"),
            (.invalidField, "{\(event), \"changes\": {\"tenure\": \"long\"}}"), (.invalidField, "{\"event_type\": 7}"),
        ]
        let (code, text) = choices[self.random.index(below: choices.count)]
        var record = SimulatedRecord(
            partition: Int32(self.random.index(below: Int(self.partitions))), meaning: .bad(code))
        record.value = text.map { Array($0.utf8) }
        if self.random.chance(0.1) {
            record.value = [0x7B, 0xC3, 0x28, 0x7D]
            record.meaning = .bad(.invalidUTF8)
        } else if self.random.chance(0.1) {
            record.key = Array("another-owner".utf8)
            record.value = Array("{\(event)}".utf8)
            record.meaning = .bad(.keyMismatch)
        }
        return record
    }

    private static func json(_ record: SimulatedRecord) -> String {
        var json =
            "{\"event_type\": \"\(record.type)\", \"user_id\": \"\(record.customer)\", \"timestamp\": 1700000000.25"
        if let id = record.sourceEventID { json += ", \"event_id\": \"\(id)\"" }
        if !record.changes.isEmpty {
            let changes = record.changes.map { change in
                switch change.value {
                case .missing: "\"\(change.name)\": null"
                case .number(let number): "\"\(change.name)\": \(number)"
                case .text(let text): "\"\(change.name)\": \"\(text)\""
                case .boolean(let flag): "\"\(change.name)\": \(flag)"
                }
            }
            json += ", \"changes\": {\(changes.joined(separator: ", "))}"
        }
        return json + "}"
    }
}
