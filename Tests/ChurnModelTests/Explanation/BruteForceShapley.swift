@testable import ChurnModel

/// Shapley values by their definition, over all sets of columns: slow and simple.
struct BruteForceShapley {
    let ensemble: TreeEnsemble

    /// The expected margin of trees where only the columns of `known`, a bit for each, are known.
    func margin(_ row: [Float], known: Int) -> Double {
        self.ensemble.trees.reduce(self.ensemble.baseMargin) { $0 + Self.value($1, 0, row, known) }
    }

    /// The value of each column for a row.
    func contributions(_ row: [Float]) -> [Double] {
        let margins = (0..<1 << row.count).map { self.margin(row, known: $0) }
        let factorials = (1...row.count).reduce(into: [1.0]) { $0.append($0[$1 - 1] * Double($1)) }
        return row.indices.map { column in
            margins.indices.reduce(into: 0) { sum, known in
                guard known & 1 << column == 0 else { return }
                let size = known.nonzeroBitCount
                let weight = factorials[size] * factorials[row.count - size - 1] / factorials[row.count]
                sum += weight * (margins[known | 1 << column] - margins[known])
            }
        }
    }

    private static func value(_ tree: TreeEnsemble.Tree, _ node: Int, _ row: [Float], _ known: Int) -> Double {
        guard !tree.isLeaf(node) else { return Double(tree.value[node]) }
        let (left, right) = (tree.left[node], tree.right[node])
        let column = tree.column[node]
        if known & 1 << column != 0 {
            let goesLeft = row[column].isNaN ? tree.missingGoesLeft[node] : row[column] < tree.value[node]
            return Self.value(tree, goesLeft ? left : right, row, known)
        }
        let share = Double(tree.cover[left]) / Double(tree.cover[node])
        return share * Self.value(tree, left, row, known)
            + Double(tree.cover[right]) / Double(tree.cover[node]) * Self.value(tree, right, row, known)
    }
}
