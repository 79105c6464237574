/// A customer's state, with what is known of how its latest score was made.
struct KnownCustomer: Sendable {
    var state: CustomerState
    /// The model that gives `state.features` the probability of `state.latest`; nil where that is not known.
    var model: ModelIdentity?
    /// The reasons that this model gives for it; nil where they were not asked for.
    var reasons: [Reason]?
}

/// The origin of an event's score and of its reasons.
enum ScoreOrigin: Equatable, Sendable {
    /// A model is asked.
    case model
    /// It is that of an earlier row of the batch: the same customer with the same features.
    case row(Int)
    /// It is the one that is known of the customer.
    case memory
}
