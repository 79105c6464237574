import ChurnCore

/// The effect that actions, or changes of features, would have on a customer's score.
public struct ActionOutcome: Hashable, Sendable {
    /// A feature that would be different.
    public struct Change: Hashable, Sendable {
        /// The feature; an index in the schema.
        public var feature: Int
        /// The value that it would have.
        public var value: FeatureValue
    }

    /// The ids of the actions, in the order in which they are applied; empty where only features were changed.
    public var actions: [String]
    /// The label that a person reads, such as `One-year contract and tech support`.
    public var label: String
    /// The features that would be different, in the schema's order.
    public var changes: [Change]
    /// The churn probability before.
    public var before: Double
    /// The churn probability that the model gives to the changed features.
    public var probability: Double
    /// The customer's monthly payment before; nil where it is not known.
    public var valueBefore: Double?
    /// The customer's monthly payment afterwards; nil where it is not known.
    public var valueAfter: Double?

    /// The change of the probability; negative where it falls.
    public var change: Double { self.probability - self.before }
    /// The monthly value that is expected to be lost now: the probability times what the customer pays.
    public var valueAtRiskBefore: Double? { self.valueBefore.map { $0 * self.before } }
    /// The monthly value that would be expected to be lost.
    public var valueAtRiskAfter: Double? { self.valueAfter.map { $0 * self.probability } }
    /// Such as `One-year contract and tech support: 0.83 to 0.41`; with more digits where two show no difference.
    public var text: String {
        var digits = 2
        while digits < 6, self.before != self.probability,
            Self.text(self.before, digits) == Self.text(self.probability, digits)
        {
            digits += 1
        }
        return "\(self.label): \(Self.text(self.before, digits)) to \(Self.text(self.probability, digits))"
    }

    private static func text(_ probability: Double, _ digits: Int) -> String {
        let scale = (0..<digits).reduce(1) { product, _ in product * 10 }
        let scaled = Int((probability * Double(scale)).rounded())
        let rest = String(scaled % scale)
        return "\(scaled / scale)." + String(repeating: "0", count: digits - rest.count) + rest
    }
}

/// The actions that are possible for a customer.
public struct ActionReport: Hashable, Sendable {
    /// The churn probability of the features as they are.
    public var probability: Double
    /// The model that made the scores.
    public var model: ModelIdentity
    /// The customer's monthly payment; nil where it is not known.
    public var value: Double?
    /// The outcome of the requested scenario; nil where none was requested.
    public var scenario: ActionOutcome?
    /// The actions that are possible now, alone and in pairs, the lowest probability first.
    public var outcomes: [ActionOutcome]

    /// The outcomes that lower the probability, best first; a pair only where it is better than either action alone.
    public func recommended(_ limit: Int) -> [ActionOutcome] {
        var alone: [String: Double] = [:]
        for outcome in self.outcomes where outcome.actions.count == 1 {
            alone[outcome.actions[0]] = outcome.probability
        }
        return Array(
            self.outcomes.lazy.filter { outcome in
                outcome.probability < outcome.before
                    && (outcome.actions.count == 1
                        || outcome.actions.allSatisfy { outcome.probability < alone[$0] ?? .infinity })
            }.prefix(limit))
    }
}
