public import ChurnCore

extension XGBoostPredictor: Explainer {
    /// The predictor itself: what it explains is what it scores.
    public var explainer: (any Explainer)? { self }

    /// Explains the margin of each row, on the predictor's threads.
    public func explain(_ rows: [[FeatureValue]]) async throws -> [Explanation] {
        try await self.sharded(rows.count, atLeast: Self.smallestExplainedShard) {
            [explaining = self.explaining] range in
            try explaining.explain(rows[range])
        }
    }

    /// For each pair, the contributions of the features after less those before.
    public func differences(_ pairs: [FeaturePair]) async throws -> [[Double]] {
        try await self.sharded(pairs.count, atLeast: Self.smallestExplainedShard) {
            [explaining = self.explaining] range in
            try explaining.differences(pairs[range])
        }
    }

    /// Explaining costs some ten times as much as scoring.
    private static var smallestExplainedShard: Int { 32 }
}
