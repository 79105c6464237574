/// A customer with its outcome, where that is known.
public struct LabelledCustomer: Hashable, Sendable {
    /// The customer.
    public var customer: CustomerState
    /// Whether the customer left; nil where that is not known.
    public var hasChurned: Bool?

    /// Creates a labelled customer.
    public init(customer: CustomerState, hasChurned: Bool?) {
        self.customer = customer
        self.hasChurned = hasChurned
    }
}
