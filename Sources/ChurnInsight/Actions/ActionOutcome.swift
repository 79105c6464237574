public import ChurnCore

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
    /// The amount that the actions cost once.
    public var cost = 0.0
    /// The number of months over which the gain is counted.
    public var months = 1.0
    /// The ways in which the changed features are unlike every customer that the model learned from; empty where the
    /// score can be relied on as far as any.
    public var caveats: [String] = []

    /// The change of the probability; negative where it falls.
    public var change: Double { self.probability - self.before }
    /// The expected loss now: the probability times what the customer pays each month.
    public var valueAtRiskBefore: Double? { self.valueBefore.map { $0 * self.before } }
    /// The expected loss afterwards.
    public var valueAtRiskAfter: Double? { self.valueAfter.map { $0 * self.probability } }
    /// The gain that the model expects: the change of what the customer pays times the probability that it stays, over
    /// ``months``, less ``cost``; nil where the value is not known.
    ///
    /// What a price cut gives away is no gain. It is the model's expectation, not what such actions were seen to do.
    public var expectedGain: Double? {
        guard let valueBefore, let valueAfter else { return nil }
        let (now, then) = (valueBefore * (1 - self.before), valueAfter * (1 - self.probability))
        return (then - now) * self.months - self.cost
    }
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
    /// The actions that are possible now, alone and in pairs: those without caveats first, of these the largest
    /// expected gain, and where no value is known the lowest probability.
    public var outcomes: [ActionOutcome]
    /// Whether the model's bundle says which customers it learned from, without which caveats are few.
    public var isReachKnown = false

    /// The outcomes that lower the probability and pay, without caveats, best first; a pair only where it is better than
    /// either action alone.
    public func recommended(_ limit: Int) -> [ActionOutcome] {
        var alone: [String: ActionOutcome] = [:]
        for outcome in self.outcomes where outcome.actions.count == 1 { alone[outcome.actions[0]] = outcome }
        return Array(
            self.outcomes.lazy.filter { outcome in
                outcome.probability < outcome.before && outcome.caveats.isEmpty && outcome.expectedGain ?? 1 > 0
                    && (outcome.actions.count == 1
                        || outcome.actions.allSatisfy { id in alone[id].map(outcome.isBetter) ?? true })
            }.prefix(limit))
    }
}

extension ActionOutcome {
    /// Returns whether it is expected to gain more than another one of the same customer, or to lower the probability
    /// further where no value is known.
    func isBetter(than other: ActionOutcome) -> Bool {
        if let gain = self.expectedGain, let otherGain = other.expectedGain { return gain > otherGain }
        return self.probability < other.probability
    }

    /// Returns whether it stands before another one of the same customer.
    func precedes(_ other: ActionOutcome) -> Bool {
        if self.caveats.isEmpty != other.caveats.isEmpty { return self.caveats.isEmpty }
        switch (self.expectedGain, other.expectedGain) {
        case (let gain?, let otherGain?) where gain != otherGain: return gain > otherGain
        case (.some, nil): return true
        case (nil, .some): return false
        default: return self.probability < other.probability
        }
    }
}
