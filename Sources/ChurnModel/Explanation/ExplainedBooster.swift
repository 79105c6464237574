import ChurnCore

/// A booster with two explainers, ours and libxgboost's, to compare them by their columns.
package struct ExplainedBooster: Sendable {
    private let booster: Booster
    private let trees: TreeExplainer

    /// The number of columns in a row.
    package var columns: Int { self.booster.columns }

    /// Loads what libxgboost or another program saved.
    ///
    /// - Throws: where libxgboost cannot read it, or our explainer does not support it.
    package init(bytes: [UInt8]) throws {
        self.booster = try XGBoostLibrary.run(
            .modelRefused, .fatal, during: "load a booster", advice: "libxgboost cannot read it"
        ) { try Booster(bytes: bytes) }
        let ensemble = try TreeEnsemble(ubj: try self.booster.saved())
        guard let trees = TreeExplainer(ensemble, outputs: Array(0..<ensemble.columns)) else {
            throw BoosterStructure.refusal("has trees that only libxgboost explains")
        }
        self.trees = trees
    }

    /// The contributions of rows that lie one after the other, a number for each column and then the base, by ours.
    package func contributions(_ rows: [Float]) -> [Double] {
        let sums = self.trees.contributions(of: rows)
        return stride(from: 0, to: sums.count, by: self.columns).flatMap {
            sums[$0..<$0 + self.columns] + [self.trees.baseMargin]
        }
    }

    /// The same by libxgboost.
    package func libraryContributions(_ rows: [Float]) throws -> [Float] { try self.booster.contributions(rows) }
}
