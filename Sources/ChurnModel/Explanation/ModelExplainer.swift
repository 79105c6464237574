import ChurnCore

/// Explains the margins of one model, with the columns of a feature folded back into it.
struct ModelExplainer: Sendable {
    private let scorer: ModelScorer
    /// The feature that each column belongs to.
    private let featureOfColumn: [Int]
    /// Ours; nil for a booster that it does not support, which libxgboost explains itself.
    private let trees: TreeExplainer?

    init(_ scorer: ModelScorer) {
        self.scorer = scorer
        let features = scorer.encoder.spec.features
        let featureOfColumn = features.indices.flatMap { Array(repeating: $0, count: features[$0].columnCount) }
        self.featureOfColumn = featureOfColumn
        // A booster that libxgboost uses but we cannot read is explained by libxgboost.
        let ensemble = try? TreeEnsemble(ubj: scorer.booster.saved())
        self.trees = ensemble.flatMap { TreeExplainer($0, outputs: featureOfColumn) }
    }

    /// Whether our own explainer is used.
    var isOurs: Bool { self.trees != nil }

    /// Explains rows on the calling thread.
    func explain(_ rows: ArraySlice<[FeatureValue]>) throws -> [Explanation] {
        let values = try self.encoded(rows)
        let width = self.scorer.encoder.spec.features.count
        guard let trees else { return try self.reference(values) }
        let contributions = trees.contributions(of: values)
        // Columns of the last features may be none, so that the explainer knows fewer outputs.
        let known = contributions.count / max(rows.count, 1)
        return (0..<rows.count).map { row in
            Explanation(
                baseMargin: trees.baseMargin,
                contributions: Array(contributions[row * known..<(row + 1) * known])
                    + Array(repeating: 0, count: width - known))
        }
    }

    /// The differences of pairs on the calling thread.
    func differences(_ pairs: ArraySlice<FeaturePair>) throws -> [[Double]] {
        let width = self.scorer.encoder.spec.features.count
        let rows = pairs.flatMap { [$0.before, $0.after] }
        guard let trees else {
            let both = try self.reference(try self.encoded(rows[...]))
            return stride(from: 0, to: both.count, by: 2).map { place in
                zip(both[place].contributions, both[place + 1].contributions).map { $1 - $0 }
            }
        }
        let differences = trees.differences(of: try self.encoded(rows[...]))
        let known = differences.count / max(pairs.count, 1)
        return (0..<pairs.count).map { pair in
            Array(differences[pair * known..<(pair + 1) * known]) + Array(repeating: 0, count: width - known)
        }
    }

    /// libxgboost's own contributions.
    private func reference(_ values: [Float]) throws -> [Explanation] {
        let columns = self.featureOfColumn.count
        let contributions = try XGBoostLibrary.run(
            .predictionFailed, .fatal, during: "explain customers", advice: "libxgboost refused the rows"
        ) { try self.scorer.booster.contributions(values) }
        return stride(from: 0, to: contributions.count, by: columns + 1).map { start in
            var sums = Array(repeating: 0.0, count: self.scorer.encoder.spec.features.count)
            for (column, feature) in self.featureOfColumn.enumerated() {
                sums[feature] += Double(contributions[start + column])
            }
            return Explanation(baseMargin: Double(contributions[start + columns]), contributions: sums)
        }
    }

    private func encoded(_ rows: ArraySlice<[FeatureValue]>) throws -> [Float] {
        var values: [Float] = []
        values.reserveCapacity(rows.count * self.scorer.encoder.columnCount)
        for row in rows { try self.scorer.encoder.encode(row, into: &values) }
        return values
    }
}
