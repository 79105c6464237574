/// The only direction in which a feature may move a score.
public enum MonotoneDirection: String, Hashable, Sendable, CaseIterable {
    /// A higher value never lowers the risk.
    case increasing
    /// A higher value never raises the risk.
    case decreasing
}
