/// One feature of one customer.
public enum FeatureValue: Hashable, Sendable {
    /// Not known; encoded as NaN, stored as NULL. Never the same as zero.
    case missing
    /// A finite number.
    case number(Double)
    /// A category's name.
    case text(String)
    /// A yes or no.
    case boolean(Bool)
}
