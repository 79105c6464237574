/// The weight in training of a customer who left, relative to one who stayed.
public enum ClassWeight: Hashable, Sendable {
    /// As many times as there are customers who stayed for each who left.
    case balanced
    /// This many times; 1 is no difference.
    case factor(Double)

    /// The factor for some customers.
    public func factor(positives: Int, rows: Int) -> Double {
        switch self {
        case .balanced: positives > 0 && positives < rows ? Double(rows - positives) / Double(positives) : 1
        case .factor(let factor): factor
        }
    }
}
