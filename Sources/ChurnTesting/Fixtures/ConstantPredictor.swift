package import ChurnCore

/// A predictor that gives every row the same score, or fails.
package struct ConstantPredictor: Predictor {
    package let model: ModelIdentity
    package var score: Double
    package var fails: Bool

    package init(_ version: String, _ score: Double = 0.5, fails: Bool = false) {
        self.model = ModelIdentity(version: version)
        self.score = score
        self.fails = fails
    }

    package func predict(_ rows: [[FeatureValue]]) async throws -> [Double] {
        if self.fails { throw ChurnError(.predictionFailed, .reject, during: "test") }
        return rows.map { _ in self.score }
    }
}
