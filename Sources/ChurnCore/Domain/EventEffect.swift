/// A condition on one feature.
public struct FeatureCondition: Hashable, Sendable {
    /// A test of a feature.
    public enum Test: Hashable, Sendable {
        /// The feature has this value.
        case equals(FeatureValue)
        /// The feature has another value, or none.
        case differs(FeatureValue)
        /// The feature's text contains this text.
        case contains(String)
        /// The feature's text does not contain this text, or is missing.
        case lacks(String)
    }

    /// The feature's index in the schema.
    public var feature: Int
    /// The test.
    public var test: Test

    /// Creates a condition.
    public init(feature: Int, test: Test) {
        self.feature = feature
        self.test = test
    }

    /// Returns whether the condition holds for these features.
    public func holds(for features: [FeatureValue]) -> Bool {
        switch (self.test, features[self.feature]) {
        case (.equals(let value), let feature): feature == value
        case (.differs(let value), let feature): feature != value
        case (.contains(let part), .text(let text)): TextSearch.finds(part, in: text)
        case (.contains, _): false
        case (.lacks(let part), .text(let text)): !TextSearch.finds(part, in: text)
        case (.lacks, _): true
        }
    }
}

/// One step of an effect.
public struct FeatureStep: Hashable, Sendable {
    /// The operation of a step on its feature.
    public enum Operation: Hashable, Sendable {
        /// The feature takes this value.
        case set(FeatureValue)
        /// The number rises by this much; a missing number counts as 0.
        case add(Double)
        /// The number rises by another feature's number; a missing number on either side counts as 0.
        case addFeature(Int)
    }

    /// The feature's index in the schema.
    public var feature: Int
    /// The operation on the feature.
    public var operation: Operation

    /// Creates a step.
    public init(feature: Int, operation: Operation) {
        self.feature = feature
        self.operation = operation
    }
}

/// The effect of an event type or a staff action on a customer's features: a pure function.
public struct EventEffect: Hashable, Sendable {
    /// All must hold, else nothing changes.
    public var conditions: [FeatureCondition]
    /// Applied in order; each sees what the ones before it made.
    public var steps: [FeatureStep]

    /// Creates an effect.
    public init(conditions: [FeatureCondition] = [], steps: [FeatureStep]) {
        self.conditions = conditions
        self.steps = steps
    }

    /// Applies the effect in place.
    ///
    /// - Returns: whether any feature is different now. A sum that is not finite leaves its feature as it was.
    @discardableResult
    public func apply(to features: inout [FeatureValue]) -> Bool {
        guard self.conditions.allSatisfy({ $0.holds(for: features) }) else { return false }
        var changed = false
        for step in self.steps {
            let old = features[step.feature]
            let new: FeatureValue
            switch step.operation {
            case .set(let value): new = value
            case .add(let amount): new = Self.sum(old, .number(amount))
            case .addFeature(let other): new = Self.sum(old, features[other])
            }
            if new != old {
                features[step.feature] = new
                changed = true
            }
        }
        return changed
    }

    private static func sum(_ a: FeatureValue, _ b: FeatureValue) -> FeatureValue {
        func number(_ value: FeatureValue) -> Double { if case .number(let n) = value { n } else { 0 } }
        let sum = number(a) + number(b)
        return sum.isFinite ? .number(sum) : a
    }
}
