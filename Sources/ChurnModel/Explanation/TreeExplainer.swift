/// Exact path-dependent SHAP values of a tree ensemble, without recursion and without division.
///
/// The values are those of TreeSHAP (Lundberg et al., "From local explanations to global understanding with
/// explainable AI for trees", 2020, algorithm 2), as libxgboost gives them. They are computed as an integral (Owen,
/// "Multilinear extensions of games", 1972): feature j of a leaf with value v contributes v (o_j - z_j) times the
/// integral over t from 0 to 1 of the product of (1 - t) z_k + t o_k over the path's other features k. For a path of m
/// features that is a polynomial of degree m - 1, which ``GaussLegendre`` integrates exactly with m/2 points. The sums
/// over the leaves are made once, from the bottom up, and split at each edge as in "Linear TreeShap" (Yu et al., 2022);
/// that all factors of an edge can be prepared for each way a customer goes is the idea of Fast TreeSHAP v2 (Yang,
/// 2021). All factors are positive, so that nothing cancels, however deep the tree is.
///
/// This one is for paths of at most twice as many features as `Vector` has lanes.
struct TreeExplainer<Vector: Lanes>: Sendable {
    /// So many rows are worked on while a tree's factors are at hand.
    private static var block: Int { 16 }

    private let plan: TreePlan<Vector>
    private let columns: Int
    private let outputs: Int

    /// Lays the trees out; nil where that is impossible, as ``TreePlan`` says.
    init?(_ ensemble: TreeEnsemble, outputs: [Int], maximumBytes: Int) {
        guard let plan = TreePlan<Vector>(ensemble, outputs: outputs, maximumBytes: maximumBytes) else { return nil }
        self.plan = plan
        self.columns = ensemble.columns
        self.outputs = (outputs.max() ?? -1) + 1
    }

    /// The margin of a customer of whom nothing is known.
    var baseMargin: Double { self.plan.baseMargin }

    /// The contributions of rows that lie one after the other, as many for each row as there are outputs.
    func contributions(of rows: [Float]) -> [Double] {
        let count = rows.count / self.columns
        var result: [Double] = []
        result.reserveCapacity(count * self.outputs)
        rows.withUnsafeBufferPointer { rows in
            for start in stride(from: 0, to: count, by: Self.block) {
                let size = min(Self.block, count - start)
                let places = (start..<start + size).map { $0 * self.columns }
                let sums = self.sums(rows, at: places, askingAbout: .max)
                for sum in sums { result.append(sum.total) }
            }
        }
        return result
    }

    /// The contributions of each second row of a pair less those of the first, for pairs that lie one after the other.
    func differences(of pairs: [Float]) -> [Double] {
        let count = pairs.count / self.columns / 2
        var result: [Double] = []
        result.reserveCapacity(count * self.outputs)
        pairs.withUnsafeBufferPointer { rows in
            for pair in 0..<count {
                let (before, after) = (pair * 2 * self.columns, (pair * 2 + 1) * self.columns)
                var changed: UInt64 = 0
                for column in 0..<self.columns
                where rows[before + column].bitPattern != rows[after + column].bitPattern {
                    changed |= 1 << UInt64(column % 64)
                }
                // Trees that ask about nothing that changed give the same before and after.
                let sums = self.sums(rows, at: [before, after], askingAbout: changed)
                for output in 0..<self.outputs { result.append(sums[self.outputs + output].total - sums[output].total) }
            }
        }
        return result
    }

    /// The sums of the contributions of rows at `places`, over the trees that ask about one of these columns.
    private func sums(
        _ rows: UnsafeBufferPointer<Float>, at places: [Int], askingAbout columns: UInt64
    ) -> [Vector] {
        var sums = Array(repeating: Vector.zero, count: places.count * self.outputs)
        sums.withUnsafeMutableBufferPointer { sums in
            self.plan.withBuffers { plan in
                withUnsafeTemporaryAllocation(of: Vector.self, capacity: self.plan.slots) { slots in
                    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: self.plan.largestInner + 1) { ways in
                        slots.initialize(repeating: .zero)
                        // The way of no node above, which always is the way to here.
                        ways.initialize(repeating: 0)
                        for tree in plan.trees where tree.columns & columns != 0 {
                            for (index, place) in places.enumerated() {
                                let row = UnsafeBufferPointer(rebasing: rows[place..<place + self.columns])
                                let own = UnsafeMutableBufferPointer(
                                    rebasing: sums[index * self.outputs..<(index + 1) * self.outputs])
                                Self.add(tree, plan, row, slots: slots, ways: ways, to: own)
                            }
                        }
                    }
                }
            }
        }
        return sums
    }

    /// Adds one tree's contributions for one row.
    @inline(__always)
    private static func add(
        _ tree: TreePlan<Vector>.Tree, _ plan: TreePlan<Vector>.Buffers, _ row: UnsafeBufferPointer<Float>,
        slots: UnsafeMutableBufferPointer<Vector>, ways: UnsafeMutableBufferPointer<UInt8>,
        to sums: UnsafeMutableBufferPointer<Vector>
    ) {
        let first = tree.inner.lowerBound
        slots[0] = .one
        // Down: the product of each path.
        for index in tree.inner {
            let node = plan.inner[index]
            let way = Self.way(node, row, ways)
            ways[index - first + 1] = UInt8(truncatingIfNeeded: way)
            let factors = (index * TreePlan<Vector>.ways + way) * TreePlan<Vector>.innerFactors
            let product = slots[Int(node.slot)]
            slots[Int(node.leftSlot)] = product.times(plan.innerFactors[factors])
            slots[Int(node.rightSlot)] = product.times(plan.innerFactors[factors + 1])
        }
        for index in tree.last {
            let node = plan.last[index]
            let factors = (index * TreePlan<Vector>.ways + Self.way(node, row, ways)) * TreePlan<Vector>.lastFactors
            let product = slots[Int(node.slot)]
            slots[Int(node.slot)] = product.times(plan.lastFactors[factors])
            let output = Int(node.output)
            sums[output] = sums[output].plus(product.times(plan.lastFactors[factors + 1]))
        }
        // Up: the sums over the leaves below.
        for index in tree.inner.reversed() {
            let node = plan.inner[index]
            let way = Int(ways[index - first + 1])
            let factors = (index * TreePlan<Vector>.ways + way) * TreePlan<Vector>.innerFactors
            let (left, right) = (slots[Int(node.leftSlot)], slots[Int(node.rightSlot)])
            slots[Int(node.slot)] = left.plus(right)
            let output = Int(node.output)
            sums[output] = sums[output].plus(left.times(plan.innerFactors[factors + 2]))
                .plus(right.times(plan.innerFactors[factors + 3]))
        }
    }

    /// 0 for left, 1 for right, 2 where the customer left the path at the same column above.
    @inline(__always)
    private static func way(
        _ node: TreePlan<Vector>.Node, _ row: UnsafeBufferPointer<Float>, _ ways: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        let value = row[Int(node.column)]
        // A missing value, NaN, fails every comparison.
        let goesLeft = node.missingGoesLeft ? !(value >= node.threshold) : value < node.threshold
        return ways[Int(node.above)] == node.wayFromAbove ? (goesLeft ? 0 : 1) : 2
    }
}

extension TreePlan {
    /// The plan's arrays without their checks.
    struct Buffers {
        var trees: UnsafeBufferPointer<Tree>
        var inner: UnsafeBufferPointer<Node>
        var innerFactors: UnsafeBufferPointer<Vector>
        var last: UnsafeBufferPointer<Node>
        var lastFactors: UnsafeBufferPointer<Vector>
    }

    func withBuffers(_ body: (Buffers) -> Void) {
        self.trees.withUnsafeBufferPointer { trees in
            self.inner.withUnsafeBufferPointer { inner in
                self.innerFactors.withUnsafeBufferPointer { innerFactors in
                    self.last.withUnsafeBufferPointer { last in
                        self.lastFactors.withUnsafeBufferPointer { lastFactors in
                            body(
                                Buffers(
                                    trees: trees, inner: inner, innerFactors: innerFactors, last: last,
                                    lastFactors: lastFactors))
                        }
                    }
                }
            }
        }
    }
}
