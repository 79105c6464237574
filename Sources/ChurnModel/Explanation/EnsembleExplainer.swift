/// The ``TreeExplainer`` of the fewest lanes that is exact for an ensemble's trees.
///
/// An enumeration, since through a protocol the compiler would call code that works for any lanes, some ten times
/// slower than what it makes for each.
enum EnsembleExplainer: Sendable {
    case one(TreeExplainer<Double>)
    case two(TreeExplainer<SIMD2<Double>>)
    case four(TreeExplainer<SIMD4<Double>>)
    case eight(TreeExplainer<SIMD8<Double>>)
    case sixteen(TreeExplainer<SIMD16<Double>>)

    /// The factors of all trees may take so much memory.
    static let maximumBytes = 256 << 20

    /// Chooses the explainer.
    ///
    /// - Parameter outputs: where each column's contribution is added up.
    /// - Returns: nil where a path asks about more than 32 features, the factors would need more than `maximumBytes`,
    ///   or a node weighs nothing.
    init?(_ ensemble: TreeEnsemble, outputs: [Int], maximumBytes: Int = Self.maximumBytes) {
        func make<Vector: Lanes>() -> TreeExplainer<Vector>? {
            TreeExplainer(ensemble, outputs: outputs, maximumBytes: maximumBytes)
        }
        let chosen: Self? =
            switch ensemble.trees.map(Self.longestPath).max() ?? 0 {
            case ...2: make().map(Self.one)
            case ...4: make().map(Self.two)
            case ...8: make().map(Self.four)
            case ...16: make().map(Self.eight)
            case ...32: make().map(Self.sixteen)
            default: nil
            }
        guard let chosen else { return nil }
        self = chosen
    }

    /// The margin of a customer of whom nothing is known.
    var baseMargin: Double {
        switch self {
        case .one(let explainer): explainer.baseMargin
        case .two(let explainer): explainer.baseMargin
        case .four(let explainer): explainer.baseMargin
        case .eight(let explainer): explainer.baseMargin
        case .sixteen(let explainer): explainer.baseMargin
        }
    }

    /// The contributions of rows that lie one after the other, as many for each row as there are outputs.
    func contributions(of rows: [Float]) -> [Double] {
        switch self {
        case .one(let explainer): explainer.contributions(of: rows)
        case .two(let explainer): explainer.contributions(of: rows)
        case .four(let explainer): explainer.contributions(of: rows)
        case .eight(let explainer): explainer.contributions(of: rows)
        case .sixteen(let explainer): explainer.contributions(of: rows)
        }
    }

    /// The contributions of each second row of a pair less those of the first, for pairs that lie one after the other.
    func differences(of pairs: [Float]) -> [Double] {
        switch self {
        case .one(let explainer): explainer.differences(of: pairs)
        case .two(let explainer): explainer.differences(of: pairs)
        case .four(let explainer): explainer.differences(of: pairs)
        case .eight(let explainer): explainer.differences(of: pairs)
        case .sixteen(let explainer): explainer.differences(of: pairs)
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
