/// Holds the current state of every customer.
public protocol FeatureStore: Sendable {
    /// The complete, current states of these customers; unknown customers are absent, which is not an error.
    ///
    /// The features are in the order of the domain's schema. Ids may repeat. A customer is found by exactly its id:
    /// where two ids are asked for that Swift takes for equal, the answer has room for one, which is the one in normal
    /// form C.
    func states(for ids: [String]) async throws -> [String: CustomerState]
}
