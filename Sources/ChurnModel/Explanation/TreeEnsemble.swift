import ChurnCore
import Foundation

/// The trees of a booster in flat arrays, as libxgboost holds them.
struct TreeEnsemble: Sendable {
    /// One tree; a node is an index into every array.
    struct Tree: Sendable {
        /// The child for what is below the threshold; -1 for a leaf.
        var left: [Int]
        /// The other child; -1 for a leaf.
        var right: [Int]
        /// The column that a node asks about.
        var column: [Int]
        /// A node's threshold, or a leaf's value.
        var value: [Float]
        /// Whether a missing value goes left.
        var missingGoesLeft: [Bool]
        /// The sum of hessians of the training rows that came by: what a node weighs.
        var cover: [Float]

        func isLeaf(_ node: Int) -> Bool { self.left[node] < 0 }
    }

    var columns: Int
    /// The margin of a customer before any tree.
    var baseMargin: Double
    var trees: [Tree]
}

extension TreeEnsemble {
    /// Reads a booster that libxgboost itself has saved in its binary JSON, so that each number is the one it uses.
    init(ubj: [UInt8]) throws {
        let root = try UBJReader.read(ubj)["learner"]
        guard let columns = root?["learner_model_param", "num_feature"]?.text.flatMap({ Int($0) }),
            let score = root?["learner_model_param", "base_score"]?.text.flatMap({ Float($0) }), score > 0, score < 1,
            let trees = root?["gradient_booster", "model", "trees"]?.elements
        else { throw BoosterStructure.refusal("cannot be read as trees") }
        self.columns = columns
        // In single precision, as libxgboost does it.
        self.baseMargin = Double(-log(1 / score - 1))
        self.trees = try trees.map { try Tree($0, columns: columns) }
    }
}

extension TreeEnsemble.Tree {
    fileprivate init(_ value: UBJValue, columns: Int) throws {
        let shape = try BoosterTree(value)
        guard shape.isSound(columns: columns), let values = value["split_conditions"]?.numbers,
            let missing = value["default_left"]?.integers, let cover = value["sum_hessian"]?.numbers
        else { throw BoosterStructure.refusal("has a tree that cannot be read") }
        self.init(
            left: shape.left_children, right: shape.right_children, column: shape.split_indices, value: values,
            missingGoesLeft: missing.map { $0 != 0 }, cover: cover)
    }
}
