public import ChurnCore
import Foundation

/// A model whose every feature adds its own weight to the margin: what explanations of a real one are compared with.
///
/// Numbers are multiplied by their feature's slope, booleans count as 0 or 1, and categories have levels of their own;
/// a missing value and an unknown category add nothing.
public struct LinearModel: Predictor, Explainer {
    /// The weight of a feature.
    public struct Weight: Hashable, Sendable {
        /// By how much a number is multiplied.
        public var slope: Double
        /// The weights of categories.
        public var levels: [String: Double]

        /// Creates a weight.
        public init(slope: Double = 0, levels: [String: Double] = [:]) {
            self.slope = slope
            self.levels = levels
        }
    }

    /// The model's version.
    public let model: ModelIdentity
    /// The margin of a customer of whom nothing is known.
    public let baseMargin: Double
    /// The weights, in the schema's order.
    public let weights: [Weight]

    /// Creates a model.
    public init(version: String = "linear-1", baseMargin: Double = 0, weights: [Weight]) {
        self.model = ModelIdentity(version: version)
        self.baseMargin = baseMargin
        self.weights = weights
    }

    /// The model itself.
    public var explainer: (any Explainer)? { self }

    /// The probability of each row, in single precision.
    public func predict(_ rows: [[FeatureValue]]) async throws -> [Double] {
        try await self.explain(rows).map { Double(Float(1 / (1 + exp(-$0.margin)))) }
    }

    /// Returns the contribution of each feature.
    public func explain(_ rows: [[FeatureValue]]) async throws -> [Explanation] {
        try rows.map { row in
            guard row.count == self.weights.count else {
                throw ChurnError(
                    .predictionFailed, .reject, during: "score customers",
                    advice: "a customer has \(row.count) features; the model needs \(self.weights.count)")
            }
            return Explanation(
                baseMargin: self.baseMargin,
                contributions: zip(self.weights, row).map { weight, value in
                    switch value {
                    case .missing: 0
                    case .number(let number): weight.slope * number
                    case .boolean(let claim): claim ? weight.slope : 0
                    case .text(let text): weight.levels[text] ?? 0
                    }
                })
        }
    }
}
