/// Decides which scores are alerts, and remembers who is at risk.
///
/// A pure function over ``AlertState``.
///
/// The default is the contract's: every score above the threshold is a `churn_alert`. With an enter and an exit
/// threshold a customer becomes at risk above the one and stays so until at or below the other (hysteresis), and only
/// customers at risk alert. With a cool-down a customer alerts at most once within that time.
public struct AlertPolicy: Hashable, Sendable {
    /// A score above it is an alert.
    public var threshold: Double
    /// A customer becomes at risk above it; nil for `threshold`.
    public var enter: Double?
    /// A customer at risk stops being so at or below it; nil for `enter`.
    public var exit: Double?
    /// The least time between two alerts of one customer, by the records' time and whichever of them is earlier; nil for
    /// none.
    ///
    /// A last alert that lies farther ahead than this, because a record's clock was wrong, holds nothing back.
    public var coolDown: Duration?

    /// Creates a policy; the default is the contract's.
    public init(threshold: Double = 0.70, enter: Double? = nil, exit: Double? = nil, coolDown: Duration? = nil) {
        self.threshold = threshold
        self.enter = enter
        self.exit = exit
        self.coolDown = coolDown
    }

    /// Returns whether a customer with this latest score counts as at risk: its score is above ``threshold``.
    ///
    /// The one definition behind every figure: the value at risk, the customers at risk by segment, and whatever says
    /// "at risk" beside them. Bands are another matter, and so is the memory of an alert with an exit of its own, which
    /// says when alerts begin and end.
    public func countsAtRisk(_ probability: Double) -> Bool { probability > self.threshold }

    /// Returns whether a customer that was at risk no longer is with this latest score: the same limit as that at which
    /// ``decide(_:_:at:hasLeft:)`` ends it.
    public func hasRecovered(_ probability: Double) -> Bool {
        probability <= self.exit ?? self.enter ?? self.threshold
    }

    /// Decides about one score.
    ///
    /// - Parameters:
    ///   - probability: the customer's new score.
    ///   - state: what was remembered; updated in place.
    ///   - time: the record time of the scored event, so that a replay decides the same.
    ///   - hasLeft: whether the event says that the customer has left: then there is no one to call, and no alert.
    ///     Whether the customer is at risk is remembered all the same, until an event brings it back.
    public func decide(
        _ probability: Double, _ state: inout AlertState, at time: Timestamp, hasLeft: Bool = false
    ) -> AlertDecision {
        let enter = self.enter ?? self.threshold
        let wasAtRisk = state.isAtRisk
        state.isAtRisk = wasAtRisk ? !self.hasRecovered(probability) : probability > enter
        guard !hasLeft else { return AlertDecision(isAlert: false, becameAtRisk: false) }
        var isAlert = state.isAtRisk && self.countsAtRisk(probability)
        if isAlert, let coolDown {
            if let last = state.lastAlert, time.isWithin(coolDown, of: last) {
                isAlert = false
            } else {
                state.lastAlert = time
            }
        }
        return AlertDecision(isAlert: isAlert, becameAtRisk: state.isAtRisk && !wasAtRisk)
    }
}
