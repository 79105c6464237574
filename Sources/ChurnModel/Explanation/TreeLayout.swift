/// Lays one tree out for a ``TreePlan``.
///
/// Along the way from the root to a node, a column j that was asked about has the share z of the training rows that
/// went the same way (the product of the covers' ratios over its nodes), and o, 1 where the customer went the same way
/// each time and else 0. At a point t of the rule its factor is (1 - t) z + t o.
struct TreeLayout<Vector: Lanes> {
    /// A node above that asked about the same column.
    private struct Above {
        var place: Int32
        var way: UInt8
        var share: Double
    }

    let tree: TreeEnsemble.Tree
    let outputs: [Int]
    let rule: GaussLegendre

    private(set) var inner: [TreePlan<Vector>.Node] = []
    private(set) var innerFactors: [Vector] = []
    private(set) var last: [TreePlan<Vector>.Node] = []
    private(set) var lastFactors: [Vector] = []
    private(set) var slots = 1
    private(set) var columns: UInt64 = 0
    private(set) var meanValue = 0.0
    /// Whether every node has a weight by which its children's can be divided.
    private(set) var isSound = true

    init(tree: TreeEnsemble.Tree, outputs: [Int], rule: GaussLegendre) {
        (self.tree, self.outputs, self.rule) = (tree, outputs, rule)
    }

    /// Visits all nodes, each before its children.
    mutating func visit() {
        guard !self.tree.isLeaf(0) else {
            self.meanValue = Double(self.tree.value[0])
            return
        }
        var open: [(node: Int, slot: Int32, weight: Double, path: [Int: Above])] = [(0, 0, 1, [:])]
        while let (node, slot, weight, path) = open.popLast() {
            let children = [self.tree.left[node], self.tree.right[node]]
            let cover = Double(self.tree.cover[node])
            let ratios = children.map { Double(self.tree.cover[$0]) / cover }
            guard cover > 0, ratios.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
                self.isSound = false
                return
            }
            for (child, ratio) in zip(children, ratios) where self.tree.isLeaf(child) {
                self.meanValue += weight * ratio * Double(self.tree.value[child])
            }
            let column = self.tree.column[node]
            let above = path[column]
            self.columns |= 1 << UInt64(column % 64)
            var laidOut = TreePlan<Vector>.Node(
                column: Int32(column), output: Int32(self.outputs[column]), threshold: self.tree.value[node],
                missingGoesLeft: self.tree.missingGoesLeft[node], above: above?.place ?? 0,
                wayFromAbove: above?.way ?? 0, slot: slot)
            if children.allSatisfy({ self.tree.isLeaf($0) }) {
                self.last.append(laidOut)
                self.addLastFactors(children, ratios, above)
                continue
            }
            laidOut.leftSlot = Int32(self.slots)
            laidOut.rightSlot = Int32(self.slots + 1)
            self.slots += 2
            self.inner.append(laidOut)
            self.addInnerFactors(children, ratios, above)
            let place = Int32(self.inner.count)
            for (way, child) in children.enumerated() where !self.tree.isLeaf(child) {
                var below = path
                below[column] = Above(
                    place: place, way: UInt8(way), share: (above?.share ?? 1) * ratios[way])
                open.append((child, way == 0 ? laidOut.leftSlot : laidOut.rightSlot, weight * ratios[way], below))
            }
        }
    }

    private mutating func addInnerFactors(_ children: [Int], _ ratios: [Double], _ above: Above?) {
        for way in 0..<TreePlan<Vector>.ways {
            let factors = (0...1).map { self.factor(of: $0, way, ratios, above) }
            for (child, factor) in zip(children, factors) {
                let value = self.tree.isLeaf(child) ? Double(self.tree.value[child]) : 1
                self.innerFactors.append(Vector { factor[$0] * value })
            }
            for child in 0...1 {
                let gain = self.gain(of: child, way, ratios, above)
                self.innerFactors.append(Vector { gain[$0] })
            }
        }
    }

    private mutating func addLastFactors(_ children: [Int], _ ratios: [Double], _ above: Above?) {
        let values = children.map { Double(self.tree.value[$0]) }
        for way in 0..<TreePlan<Vector>.ways {
            let factors = (0...1).map { self.factor(of: $0, way, ratios, above) }
            let gains = (0...1).map { self.gain(of: $0, way, ratios, above) }
            self.lastFactors.append(Vector { values[0] * factors[0][$0] + values[1] * factors[1][$0] })
            self.lastFactors.append(
                Vector {
                    values[0] * factors[0][$0] * gains[0][$0] + values[1] * factors[1][$0] * gains[1][$0]
                })
        }
    }

    /// By what a child multiplies the product of its path: its column's factor over that of the same column above.
    private func factor(of child: Int, _ way: Int, _ ratios: [Double], _ above: Above?) -> [Double] {
        // Off the path above, o is 0 there and here: what is left of the quotient is the share.
        guard way < 2 else { return Array(repeating: ratios[child], count: Vector.count) }
        let share = above?.share ?? 1
        return self.rule.points.map { t in
            ((1 - t) * share * ratios[child] + (way == child ? t : 0)) / ((1 - t) * share + t)
        }
    }

    /// What the sum below a child counts for in its column's contribution, less what it counted for above.
    private func gain(of child: Int, _ way: Int, _ ratios: [Double], _ above: Above?) -> [Double] {
        let share = above?.share ?? 1
        return zip(self.rule.points, self.rule.weights).map { t, weight in
            func gain(_ isOnPath: Bool, _ share: Double) -> Double {
                isOnPath ? weight * (1 - share) / ((1 - t) * share + t) : -weight / (1 - t)
            }
            return gain(way == child, share * ratios[child]) - (above == nil ? 0 : gain(way < 2, share))
        }
    }
}
