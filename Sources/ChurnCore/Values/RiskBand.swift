/// The urgency of a churn probability.
public enum RiskBand: String, CaseIterable, Comparable, Hashable, Sendable {
    /// At or below the lower bound of medium.
    case low = "Low"
    /// Worth watching.
    case medium = "Medium"
    /// An alert.
    case high = "High"
    /// An alert that cannot wait.
    case critical = "Critical"

    /// Orders by urgency.
    public static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }

    private var rank: Int {
        switch self {
        case .low: 0
        case .medium: 1
        case .high: 2
        case .critical: 3
        }
    }
}

/// The limits of the bands.
///
/// The one definition in the system; the contract's defaults.
public struct RiskBands: Hashable, Sendable {
    /// Critical is this probability and above.
    public var critical: Double
    /// High is above this probability.
    public var high: Double
    /// Medium is above this probability.
    public var medium: Double

    /// Creates bands; the defaults are the contract's.
    public init(critical: Double = 0.85, high: Double = 0.70, medium: Double = 0.40) {
        self.critical = critical
        self.high = high
        self.medium = medium
    }

    /// The band that a probability falls into.
    public func band(of probability: Double) -> RiskBand {
        if probability >= self.critical { return .critical }
        if probability > self.high { return .high }
        if probability > self.medium { return .medium }
        return .low
    }
}
