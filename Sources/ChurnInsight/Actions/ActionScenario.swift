public import ChurnCore

/// Actions and changes of features whose outcome a caller asks for.
public struct ActionScenario: Hashable, Sendable {
    /// The actions' ids, applied in this order.
    public var actions: [String]
    /// The values that features take after the actions, as in an event; the schema's indices.
    public var changes: [Int: FeatureValue]

    /// Creates a scenario.
    public init(actions: [String] = [], changes: [Int: FeatureValue] = [:]) {
        self.actions = actions
        self.changes = changes
    }

    /// Whether nothing is asked for.
    public var isEmpty: Bool { self.actions.isEmpty && self.changes.isEmpty }
}

/// The reason why a scenario cannot be played; the place of the action in its list.
public enum ActionScenarioError: Error, Hashable, Sendable {
    /// The domain has no such action.
    case unknownAction(Int)
    /// The action is not possible for the customer as it is then.
    case impossibleAction(Int)
}
