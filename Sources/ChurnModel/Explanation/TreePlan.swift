/// The trees of a booster, laid out for ``TreeExplainer``: nodes in the order in which they are visited, with the
/// factors for each way that a customer can go.
///
/// A node with a child that is a node is *inner*; one whose children are both leaves is *last*.
struct TreePlan<Vector: Lanes>: Sendable {
    /// What is asked at a node, and where its numbers lie.
    struct Node: Sendable {
        var column: Int32
        /// Where the contribution is added up.
        var output: Int32
        var threshold: Float
        var missingGoesLeft: Bool
        /// The place, from 1, of the nearest inner node above that asks about the same column, and the way from there
        /// to here; 0 and 0 where there is none.
        var above: Int32
        var wayFromAbove: UInt8
        /// The places of the node's and its children's numbers while a tree is worked on.
        var slot: Int32
        var leftSlot: Int32 = 0
        var rightSlot: Int32 = 0
    }

    /// The nodes of one tree.
    struct Tree: Sendable {
        var inner: Range<Int>
        var last: Range<Int>
        /// A bit for each column that the tree asks about, columns counted modulo 64.
        var columns: UInt64
    }

    /// The customer goes left, right, or did not come by since it left the path at the same column above.
    static var ways: Int { 3 }
    /// What an inner node has for each way: the factors of its children, and of their sums in the contribution.
    static var innerFactors: Int { 4 }
    /// What a last node has for each way: its sum over the leaves, and the contribution.
    static var lastFactors: Int { 2 }

    var trees: [Tree] = []
    var inner: [Node] = []
    var innerFactors: [Vector] = []
    var last: [Node] = []
    var lastFactors: [Vector] = []
    /// How many slots the largest tree needs, and how many inner nodes it has.
    var slots = 1
    var largestInner = 0
    /// The margin that a customer has of whom nothing is known.
    var baseMargin: Double

    /// Lays trees out.
    ///
    /// - Parameters:
    ///   - outputs: where each column's contribution is added up.
    ///   - maximumBytes: nil is returned where the factors would need more.
    init?(_ ensemble: TreeEnsemble, outputs: [Int], maximumBytes: Int) {
        self.baseMargin = ensemble.baseMargin
        let rule = GaussLegendre(count: Vector.count)
        for tree in ensemble.trees {
            var layout = TreeLayout<Vector>(tree: tree, outputs: outputs, rule: rule)
            layout.visit()
            guard layout.isSound else { return nil }
            self.baseMargin += layout.meanValue
            self.slots = max(self.slots, layout.slots)
            self.largestInner = max(self.largestInner, layout.inner.count)
            self.trees.append(
                Tree(
                    inner: self.inner.count..<self.inner.count + layout.inner.count,
                    last: self.last.count..<self.last.count + layout.last.count, columns: layout.columns))
            self.inner += layout.inner
            self.innerFactors += layout.innerFactors
            self.last += layout.last
            self.lastFactors += layout.lastFactors
            let bytes = (self.innerFactors.count + self.lastFactors.count) * MemoryLayout<Vector>.stride
            guard bytes <= maximumBytes else { return nil }
        }
    }
}
