import ChurnCore

/// The updates that a subscriber wants: one value of each field that it names, whichever.
struct UpdateFilter: Hashable, Sendable {
    /// The fields by which updates are chosen, under the names of the query and of the command.
    enum Field: String, CaseIterable {
        case band, segment, customer, type
        case eventType = "event_type"
    }

    /// The reason why a value was refused.
    enum Fault: Error {
        case unknownBand, unknownType, notText, tooMany

        var detail: StaticString {
            switch self {
            case .unknownBand: "A band is Critical, High, Medium or Low."
            case .unknownType: "A type is churn_alert or new_event."
            case .notText: "A value of a filter is a text of 1 to 256 bytes."
            case .tooMany: "A filter has at most 64 values."
            }
        }
    }

    static let maximumValues = 64
    private static let maximumBytes = 256
    private static let types = ["churn_alert", "new_event"]

    private(set) var bands: Set<RiskBand> = []
    private(set) var customers: Set<CustomerKey> = []
    /// The values of the other fields.
    private(set) var texts: [Field: Set<String>] = [:]

    /// Whether every update passes.
    var isEmpty: Bool { self.bands.isEmpty && self.customers.isEmpty && self.texts.isEmpty }

    /// Allows one more value of a field.
    mutating func add(_ value: String, to field: Field) throws(Fault) {
        guard (1...Self.maximumBytes).contains(value.utf8.count) else { throw .notText }
        let count = self.texts.values.reduce(self.bands.count + self.customers.count) { $0 + $1.count }
        guard count < Self.maximumValues else { throw .tooMany }
        switch field {
        case .band:
            guard let band = RiskBand(rawValue: value) else { throw .unknownBand }
            self.bands.insert(band)
        case .type where !Self.types.contains(value): throw .unknownType
        case .customer: self.customers.insert(CustomerKey(value))
        case .type, .eventType, .segment: self.texts[field, default: []].insert(value)
        }
    }

    /// The values of a field, sorted.
    func values(of field: Field) -> [String] {
        switch field {
        case .band: self.bands.sorted().map(\.rawValue)
        case .customer: self.customers.map(\.id).sorted()
        case .type, .eventType, .segment: (self.texts[field] ?? []).sorted()
        }
    }
}
