import ChurnCore
import Testing

@testable import ChurnModel

@Suite("Tree explainer beside the definition of Shapley values")
struct ShapleyTests {
    /// Compares random rows, missing, infinite and equal to thresholds among them, column by column.
    private func compare(
        _ ensemble: TreeEnsemble, rows: Int = 12, maximumTableBytes: Int = TreeExplainer.maximumTableBytes,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let columns = ensemble.columns
        let explainer = try #require(
            TreeExplainer(ensemble, outputs: Array(0..<columns), maximumTableBytes: maximumTableBytes),
            sourceLocation: sourceLocation)
        let oracle = BruteForceShapley(ensemble: ensemble)
        var random = SeededRandom(seed: 77)
        let thresholds = ensemble.trees.flatMap(\.value)
        let special: [Float] = [.nan, .infinity, -.infinity, 0]
        for _ in 0..<rows {
            let row: [Float] = (0..<columns).map { _ in
                random.chance(0.3)
                    ? special[random.index(below: special.count)]
                    : random.chance(0.2)
                        ? thresholds[random.index(below: thresholds.count)] : Float(random.uniform() * 2 - 1)
            }
            let own = explainer.contributions(of: row)
            for (value, expected) in zip(own, oracle.contributions(row)) {
                #expect(abs(value - expected) < 1e-12, sourceLocation: sourceLocation)
            }
            let margin = oracle.margin(row, known: 1 << columns - 1)
            #expect(
                abs(explainer.baseMargin + own.reduce(0, +) - margin) < 1e-12, sourceLocation: sourceLocation)
        }
        #expect(abs(explainer.baseMargin - oracle.margin([], known: 0)) < 1e-12, sourceLocation: sourceLocation)
    }

    @Test("contributions are the Shapley values", arguments: 0...8, [1, 3, 6])
    func values(depth: Int, columns: Int) throws {
        for seed in 0..<2 {
            let ensemble = TreeEnsemble.random(seed: UInt64(seed), trees: 2, depth: depth, columns: columns)
            try self.compare(ensemble)
            try self.compare(ensemble, maximumTableBytes: 0)
        }
    }

    @Test("paths of more than 8 columns have a finer rule", arguments: [9, 12])
    func longPaths(columns: Int) throws {
        try self.compare(TreeEnsemble(columns: columns, baseMargin: 0, trees: [.chain(columns: columns)]), rows: 6)
    }

    @Test("paths may ask about 32 columns")
    func longestPath() throws {
        func explainer(_ columns: Int) -> TreeExplainer? {
            TreeExplainer(
                TreeEnsemble(columns: columns, baseMargin: 0, trees: [.chain(columns: columns)]),
                outputs: Array(0..<columns))
        }
        #expect(explainer(33) == nil)
        let longest = try #require(explainer(32))
        // Right at every split, to the last leaf, whose value is 0.
        let sum = longest.contributions(of: Array(repeating: 1, count: 32)).reduce(longest.baseMargin, +)
        #expect(abs(sum) < 1e-12)
        let other = longest.contributions(of: Array(repeating: 1, count: 31) + [-1]).reduce(longest.baseMargin, +)
        #expect(abs(other - 31) < 1e-12)
    }

    @Test("a node without weight or with an infinite threshold is left to libxgboost")
    func unsound() {
        var ensemble = TreeEnsemble(columns: 2, baseMargin: 0, trees: [.chain(columns: 2)])
        ensemble.trees[0].value[0] = -.infinity
        #expect(TreeExplainer(ensemble, outputs: [0, 1]) == nil)
        ensemble.trees[0].value[0] = 0
        #expect(TreeExplainer(ensemble, outputs: [0, 1]) != nil)
        ensemble.trees[0].cover[0] = 0
        #expect(TreeExplainer(ensemble, outputs: [0, 1]) == nil)
    }

    @Test("a booster without trees gives nothing but its base")
    func empty() throws {
        let explainer = try #require(
            TreeExplainer(TreeEnsemble(columns: 2, baseMargin: 0.5, trees: []), outputs: [0, 1]))
        #expect(explainer.contributions(of: [1, 2]) == [0, 0])
        #expect(explainer.baseMargin == 0.5)
    }
}
