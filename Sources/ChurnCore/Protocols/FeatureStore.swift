/// Holds the current state of every customer.
public protocol FeatureStore: Sendable {
    /// The complete, current states of these customers; unknown customers are absent, which is not an error.
    ///
    /// The features are in the order of the domain's schema. Ids may repeat.
    func states(for ids: [String]) async throws -> [String: CustomerState]
}
