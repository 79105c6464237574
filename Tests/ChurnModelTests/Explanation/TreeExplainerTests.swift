import ChurnCore
import Foundation
import Testing

@testable import ChurnModel

@Suite("Tree explainer")
struct TreeExplainerTests {
    /// Compares all rows of a model, column by column, with libxgboost.
    private func compare(_ model: RandomModel, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let explainer = try #require(try model.explainer(), sourceLocation: sourceLocation)
        let own = explainer.contributions(of: model.rows)
        let reference = try model.booster.contributions(model.rows)
        let scores = try model.booster.predict(model.rows)
        #expect(own.count == scores.count * model.columns, sourceLocation: sourceLocation)
        var (worst, worstSum, magnitude) = (0.0, 0.0, 0.0)
        for row in scores.indices {
            let values = own[row * model.columns..<(row + 1) * model.columns]
            let expected = reference[row * (model.columns + 1)..<(row + 1) * (model.columns + 1)]
            for (value, expected) in zip(values, expected) {
                worst = max(worst, abs(value - Double(expected)))
                magnitude = max(magnitude, abs(value))
            }
            worst = max(worst, abs(explainer.baseMargin - Double(expected[expected.endIndex - 1])))
            let margin = log(Double(scores[row])) - log1p(-Double(scores[row]))
            // A probability near 1 has few digits left of its distance from 1.
            let rounding = 1e-7 / Double(scores[row]) / (1 - Double(scores[row]))
            worstSum = max(worstSum, abs(explainer.baseMargin + values.reduce(0, +) - margin) - rounding)
        }
        #expect(worst < 1e-5, sourceLocation: sourceLocation)
        #expect(worstSum < 1e-5, sourceLocation: sourceLocation)
        #expect(magnitude > 0.05, sourceLocation: sourceLocation)
    }

    @Test("contributions agree with libxgboost's within 1e-5 for each column, at every depth", arguments: 1...10)
    func depths(_ depth: Int) throws {
        for seed in 1...3 { try self.compare(try RandomModel(seed: UInt64(seed), depth: depth)) }
    }

    @Test("a column that is asked about again and again on one path counts once", arguments: [1, 2, 3])
    func repeatedColumns(_ columns: Int) throws {
        try self.compare(try RandomModel(seed: 5, depth: 8, columns: columns))
    }

    @Test(
        "contributions agree where the booster has further parameters",
        arguments: [
            ["base_score": "0.83"], ["base_score": "0.01"], ["monotone_constraints": "(1,-1,0,1,-1,0,1,-1,0)"],
            ["max_leaves": "20", "grow_policy": "lossguide", "max_depth": "0"], ["tree_method": "exact"],
            ["min_child_weight": "0", "lambda": "0.001"], ["subsample": "0.5", "colsample_bynode": "0.4"],
        ])
    func parameters(_ parameters: [String: String]) throws {
        try self.compare(
            try RandomModel(seed: 7, depth: Int(parameters["max_depth"] ?? "6") ?? 6, parameters: parameters))
    }

    @Test("trees of more than 16 features on a path are exact too")
    func wide() throws {
        try self.compare(try RandomModel(seed: 3, depth: 20, rounds: 3, columns: 24, rows: 3_000))
    }

    @Test("rows of any block size give the same bits as alone")
    func blocks() throws {
        let model = try RandomModel(seed: 2, depth: 5)
        let explainer = try #require(try model.explainer())
        let whole = explainer.contributions(of: model.rows)
        for row in [0, 1, 2, 3, 15, 16, 17, 31, 32, 33, 255, 256, 257, 797, 798, 799] {
            let alone = explainer.contributions(of: Array(model.rows[row * model.columns..<(row + 1) * model.columns]))
            #expect(alone == Array(whole[row * model.columns..<(row + 1) * model.columns]))
        }
        #expect(explainer.contributions(of: []).isEmpty)
    }

    @Test("the difference of a pair is that of its contributions, whichever columns changed")
    func differences() throws {
        let model = try RandomModel(seed: 4, depth: 6, columns: 70)
        let explainer = try #require(try model.explainer())
        var random = SeededRandom(seed: 9)
        for _ in 0..<50 {
            let start = random.index(below: 800) * model.columns
            let before = Array(model.rows[start..<start + model.columns])
            var after = before
            for _ in 0...random.index(below: 4) {
                after[random.index(below: model.columns)] = random.chance(0.2) ? .nan : Float(random.index(below: 10))
            }
            let both = explainer.contributions(of: before + after)
            let difference = explainer.differences(of: before + after)
            for column in 0..<model.columns {
                #expect(abs(difference[column] - (both[model.columns + column] - both[column])) < 1e-12)
            }
        }
    }

    @Test("pairs of any number give the same bits as alone, and a pair of equal rows no difference")
    func pairs() throws {
        let model = try RandomModel(seed: 8, depth: 6)
        let explainer = try #require(try model.explainer())
        let whole = explainer.differences(of: model.rows)
        let width = 2 * model.columns
        for pair in [0, 1, 127, 128, 399] {
            let alone = explainer.differences(of: Array(model.rows[pair * width..<(pair + 1) * width]))
            #expect(alone == Array(whole[pair * model.columns..<(pair + 1) * model.columns]))
        }
        let row = Array(model.rows[..<model.columns])
        #expect(explainer.differences(of: row + row) == Array(repeating: 0, count: model.columns))
        #expect(explainer.differences(of: []).isEmpty)
    }

    @Test("tasks that explain at the same time get the same bits")
    func concurrency() async throws {
        let model = try RandomModel(seed: 10, depth: 6)
        let explainer = try #require(try model.explainer())
        let expected = explainer.contributions(of: model.rows)
        await withTaskGroup(of: [Double].self) { group in
            for _ in 0..<8 { group.addTask { explainer.contributions(of: model.rows) } }
            for await contributions in group { #expect(contributions == expected) }
        }
    }

    @Test("columns that belong to one output are summed up in it")
    func outputs() throws {
        let model = try RandomModel(seed: 6, depth: 4)
        let ensemble = try TreeEnsemble(ubj: try model.booster.saved())
        let fine = try #require(TreeExplainer(ensemble, outputs: Array(0..<9)))
        let coarse = try #require(TreeExplainer(ensemble, outputs: [0, 0, 0, 1, 1, 1, 2, 2, 2]))
        let (single, folded) = (fine.contributions(of: model.rows), coarse.contributions(of: model.rows))
        for row in 0..<800 {
            for output in 0..<3 {
                let sum = single[row * 9 + output * 3..<row * 9 + output * 3 + 3].reduce(0, +)
                #expect(abs(folded[row * 3 + output] - sum) < 1e-12)
            }
        }
    }

    @Test("tables keep within their limit, and a row gives the same bits with and without them", arguments: [2, 6])
    func memory(_ depth: Int) throws {
        let model = try RandomModel(seed: 1, depth: depth)
        let ensemble = try TreeEnsemble(ubj: try model.booster.saved())
        let full = try #require(TreeExplainer(ensemble, outputs: Array(0..<9)))
        #expect((1...TreeExplainer.maximumTableBytes).contains(full.tableBytes))
        let expected = full.contributions(of: model.rows)
        let differences = full.differences(of: model.rows)
        for maximum in [0, full.tableBytes / 3, full.tableBytes - 1] {
            let less = try #require(TreeExplainer(ensemble, outputs: Array(0..<9), maximumTableBytes: maximum))
            #expect(less.tableBytes <= maximum)
            #expect(less.contributions(of: model.rows) == expected)
            #expect(less.differences(of: model.rows) == differences)
        }
    }

    @Test("the rule integrates polynomials of twice its points exactly", arguments: [1, 2, 3, 4, 8, 16])
    func quadrature(_ count: Int) {
        let rule = GaussLegendre(count: count)
        for degree in 0..<2 * count {
            let integral = zip(rule.points, rule.weights).reduce(0) { $0 + $1.1 * pow($1.0, Double(degree)) }
            #expect(abs(integral - 1 / Double(degree + 1)) < 1e-14)
        }
    }
}
