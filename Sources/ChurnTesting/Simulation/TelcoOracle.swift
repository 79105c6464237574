import ChurnCore

/// A customer as the recount knows it.
struct RecountedCustomer: Sendable {
    /// The features by name.
    var features: [String: FeatureValue]
    var version: Int64 = 0
    var probability: Double?
    var isAtRisk = false
}

/// The contract's table of events for the Telco customer base, written a second time.
///
/// It shares no code with the pipeline, the domain file or ``/ChurnCore/EventEffect``: where the two disagree, one of
/// them is wrong.
struct TelcoOracle: Sendable {
    private(set) var customers: [String: RecountedCustomer] = [:]
    private(set) var accepted: Set<SourceEventKey> = []
    /// The features' names in the order in which a predictor takes them.
    private let names: [String]
    private static let alertThreshold = 0.70

    init(names: [String]) { self.names = names }

    mutating func add(_ customer: CustomerState) {
        self.customers[customer.id] = RecountedCustomer(
            features: Dictionary(zip(self.names, customer.features), uniquingKeysWith: { first, _ in first }))
    }

    /// Returns a customer's features for a predictor.
    func row(of id: String) -> [FeatureValue] {
        let features = self.customers[id]?.features ?? [:]
        return self.names.map { features[$0] ?? .missing }
    }

    /// Another program set features.
    mutating func update(_ id: String, _ changes: [FeatureChange]) {
        for change in changes { self.customers[id]?.features[self.names[change.feature]] = change.value }
        self.customers[id]?.version += 1
    }

    /// Returns whether an event with this producer's id was taken before.
    func isDuplicate(_ record: SimulatedRecord) -> Bool {
        guard let id = record.sourceEventID else { return false }
        return self.accepted.contains(SourceEventKey(customerID: record.customer, sourceEventID: id))
    }

    /// Takes an event; returns the score and the version that it must have led to.
    mutating func take(_ record: SimulatedRecord) -> (probability: Double, version: Int64)? {
        guard var customer = self.customers[record.customer] else { return nil }
        if let id = record.sourceEventID {
            self.accepted.insert(SourceEventKey(customerID: record.customer, sourceEventID: id))
        }
        let before = customer.features
        Self.apply(record.type, to: &customer.features)
        for change in record.changes { customer.features[change.name] = change.value }
        let probability = DigestPredictor.score(self.names.map { customer.features[$0] ?? .missing })
        let wasAtRisk = customer.isAtRisk
        customer.isAtRisk = probability > Self.alertThreshold
        if customer.features != before || customer.isAtRisk != wasAtRisk || customer.version == 0 {
            customer.version += 1
        }
        customer.probability = probability
        self.customers[record.customer] = customer
        return (probability, customer.version)
    }

    private static func apply(_ type: String, to features: inout [String: FeatureValue]) {
        func text(_ name: String) -> String? { if case .text(let text)? = features[name] { text } else { nil } }
        func number(_ name: String) -> Double { if case .number(let number)? = features[name] { number } else { 0 } }
        let paysAutomatically = text("PaymentMethod")?.contains("(automatic)") ?? false
        switch type {
        case "contract_downgrade": features["Contract"] = .text("Month-to-month")
        case "contract_upgrade" where text("Contract") == "Month-to-month": features["Contract"] = .text("One year")
        case "removed_online_security" where text("OnlineSecurity") == "Yes":
            features["OnlineSecurity"] = .text("No")
            features["MonthlyCharges"] = .number(number("MonthlyCharges") - 5)
        case "added_tech_support" where text("TechSupport") == "No":
            features["TechSupport"] = .text("Yes")
            features["MonthlyCharges"] = .number(number("MonthlyCharges") + 5)
        case "cancelled_autopay" where paysAutomatically: features["PaymentMethod"] = .text("Mailed check")
        case "enabled_autopay" where !paysAutomatically:
            features["PaymentMethod"] = .text("Credit card (automatic)")
        case "monthly_anniversary":
            features["tenure"] = .number(number("tenure") + 1)
            features["TotalCharges"] = .number(number("TotalCharges") + number("MonthlyCharges"))
        default: break
        }
    }
}
