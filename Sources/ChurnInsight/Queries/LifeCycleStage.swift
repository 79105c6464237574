/// The stage of a customer, by the months since it became one.
public enum LifeCycleStage: String, CaseIterable, Hashable, Sendable {
    /// Up to 3 months.
    case new = "New"
    /// More than 3 and up to 12 months.
    case early = "Early"
    /// More than 12 and up to 24 months.
    case mid = "Mid"
    /// More than 24 months.
    case mature = "Mature"

    /// The stage of a customer of this many months.
    public init(months: Double) {
        if months <= 3 {
            self = .new
        } else if months <= 12 {
            self = .early
        } else {
            self = months <= 24 ? .mid : .mature
        }
    }
}
