/// Chooses the explainer for a booster.
enum TreeExplainers {
    /// The factors of all trees may take so much memory.
    static let maximumBytes = 256 << 20

    /// The explainer of the fewest lanes that is exact for these trees.
    ///
    /// - Parameter outputs: where each column's contribution is added up.
    /// - Returns: nil where a path asks about more than 32 features, the factors would need more than `maximumBytes`,
    ///   or a node weighs nothing.
    static func explainer(
        for ensemble: TreeEnsemble, outputs: [Int], maximumBytes: Int = Self.maximumBytes
    ) -> (any TreeExplaining)? {
        let width = (outputs.max() ?? -1) + 1
        func make<Vector: Lanes>(_: Vector.Type) -> (any TreeExplaining)? {
            TreePlan<Vector>(ensemble, outputs: outputs, maximumBytes: maximumBytes).map {
                TreeExplainer(plan: $0, columns: ensemble.columns, outputs: width)
            }
        }
        return switch ensemble.trees.map(Self.longestPath).max() ?? 0 {
        case ...2: make(Double.self)
        case ...4: make(SIMD2<Double>.self)
        case ...8: make(SIMD4<Double>.self)
        case ...16: make(SIMD8<Double>.self)
        case ...32: make(SIMD16<Double>.self)
        default: nil
        }
    }

    /// The most columns that a path from the root asks about.
    private static func longestPath(_ tree: TreeEnsemble.Tree) -> Int {
        var longest = 0
        var open: [(node: Int, columns: Set<Int>)] = [(0, [])]
        while let (node, columns) = open.popLast() {
            longest = max(longest, columns.count)
            guard !tree.isLeaf(node) else { continue }
            let below = columns.union([tree.column[node]])
            open.append((tree.left[node], below))
            open.append((tree.right[node], below))
        }
        return longest
    }
}
