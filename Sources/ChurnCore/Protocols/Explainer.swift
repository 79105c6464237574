/// A customer's features before and after something happened.
public struct FeaturePair: Hashable, Sendable {
    /// The features before, in the schema's order.
    public var before: [FeatureValue]
    /// The features after.
    public var after: [FeatureValue]

    /// Creates a pair.
    public init(before: [FeatureValue], after: [FeatureValue]) {
        self.before = before
        self.after = after
    }
}

/// Says how much each feature moves a score: SHAP values of one model.
///
/// Thread-safe and without side effects. What is explained is the margin, the log-odds before any calibration; a larger
/// margin never means a smaller probability.
public protocol Explainer: Sendable {
    /// Explains each row, in the rows' order.
    ///
    /// - Parameter rows: features in the schema's order, one array a customer.
    /// - Throws: an error of disposition `reject` when a row cannot be scored.
    func explain(_ rows: [[FeatureValue]]) async throws -> [Explanation]

    /// For each pair, the contributions of the features after less those before, in the schema's order.
    ///
    /// They sum up to the difference of the margins.
    func differences(_ pairs: [FeaturePair]) async throws -> [[Double]]
}

extension Explainer {
    /// Explains both sides of each pair.
    public func differences(_ pairs: [FeaturePair]) async throws -> [[Double]] {
        let before = try await self.explain(pairs.map(\.before))
        let after = try await self.explain(pairs.map(\.after))
        return zip(before, after).map { before, after in
            zip(before.contributions, after.contributions).map { $1 - $0 }
        }
    }
}
