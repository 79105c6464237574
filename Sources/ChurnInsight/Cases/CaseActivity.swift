public import ChurnCore

/// One thing that happened lately about a case or a customer, for those who look at it now.
public struct CaseActivity: Hashable, Sendable {
    /// The kinds of things that happen.
    public enum Kind: Hashable, Sendable {
        /// A step was taken.
        case step(CaseChange)
        /// The snooze of a case was over at this time.
        case due(caseID: Int64, at: Timestamp)
        /// An intervention was logged.
        case intervention(Intervention)
    }

    /// The customer.
    public var customerID: String
    /// The thing that happened.
    public var kind: Kind

    /// Creates an entry.
    public init(customerID: String, kind: Kind) {
        self.customerID = customerID
        self.kind = kind
    }
}
