/// One tree, cut into groups of leaves that depend on few answers each.
struct TreePartition {
    struct Group {
        var slot: Int
        /// The number of answers.
        var bits: Int
        var columns: [Int]
        /// The columns that are asked about only above the leaves' node.
        var shared: [PathIntegral.Term] = []
        var leaves: [(value: Double, wanted: UInt32, terms: [PathIntegral.Term])] = []
    }

    /// A column on a path from the root, and the share of the training rows that went that way at it.
    private struct Step {
        var column: Int
        var share: Double
    }

    /// A node whose answers are found: at `slot`, in the order of `path`.
    private struct Place {
        var node: Int
        var slot: Int
        var path: [Step]
    }

    /// This many splits always go into one group, more where the answers are not more than `smallBits`.
    private static let smallSplits = 3
    private static let smallBits = 8

    private(set) var forks: [Fork] = []
    private(set) var splits: [Split] = []
    private(set) var groups: [Group] = []
    /// The number of places for answers; the first is the root's.
    private(set) var slots = 1

    private let tree: TreeEnsemble.Tree

    /// Cuts a tree; nil where a path asks about too many columns, a node weighs nothing or a threshold is no number.
    init?(_ tree: TreeEnsemble.Tree) {
        self.tree = tree
        let splits = Self.splitsBelow(tree)
        var open = [Place(node: 0, slot: 0, path: [])]
        while let place = open.popLast() {
            let below = splits[place.node]
            let bits = place.path.count + below
            if below <= Self.smallSplits || bits <= Self.smallBits {
                guard bits <= PathIntegral.maximumColumns, self.addGroup(place) else { return nil }
                continue
            }
            guard place.path.count < PathIntegral.maximumColumns, let children = self.children(of: place.node) else {
                return nil
            }
            let answer = place.path.firstIndex { $0.column == tree.column[place.node] } ?? place.path.count
            self.forks.append(
                Fork(
                    split: self.split(place.node, slot: place.slot, answer: answer), left: self.slots,
                    right: self.slots + 1))
            for (way, child) in children.enumerated() {
                var path = place.path
                if answer == path.count { path.append(Step(column: tree.column[place.node], share: 1)) }
                path[answer].share *= child.share
                open.append(Place(node: child.node, slot: self.slots + way, path: path))
            }
            self.slots += 2
        }
    }

    /// Returns the number of splits at and below each node.
    private static func splitsBelow(_ tree: TreeEnsemble.Tree) -> [Int] {
        var order = [0]
        var next = 0
        while next < order.count {
            let node = order[next]
            if !tree.isLeaf(node) { order += [tree.left[node], tree.right[node]] }
            next += 1
        }
        var count = Array(repeating: 0, count: tree.left.count)
        for node in order.reversed() where !tree.isLeaf(node) {
            count[node] = 1 + count[tree.left[node]] + count[tree.right[node]]
        }
        return count
    }

    /// Both children with their shares of the node's weight; nil where the node cannot be used.
    private func children(of node: Int) -> [(node: Int, share: Double)]? {
        let cover = Double(self.tree.cover[node])
        let children = [self.tree.left[node], self.tree.right[node]].map {
            (node: $0, share: Double(self.tree.cover[$0]) / cover)
        }
        let isSound = cover > 0 && children.allSatisfy { $0.share.isFinite && $0.share >= 0 }
        return isSound && self.tree.value[node].isFinite ? children : nil
    }

    private func split(_ node: Int, slot: Int, answer: Int) -> Split {
        Split(
            slot: slot, plane: self.tree.column[node] * 2 + (self.tree.missingGoesLeft[node] ? 1 : 0),
            threshold: self.tree.value[node], answer: 1 << UInt32(answer))
    }

    /// Makes a group of all leaves below a node.
    private mutating func addGroup(_ place: Place) -> Bool {
        var group = Group(slot: place.slot, bits: place.path.count, columns: place.path.map(\.column))
        let terms = place.path.enumerated().map {
            PathIntegral.Term(answers: 1 << UInt32($0), place: $0, share: $1.share)
        }
        let above = terms.reduce(0) { $0 | $1.answers }
        var open = [(node: place.node, wanted: above, terms: terms)]
        while let (node, wanted, terms) = open.popLast() {
            guard !self.tree.isLeaf(node) else {
                group.leaves.append((Double(self.tree.value[node]), wanted, terms))
                continue
            }
            guard let children = self.children(of: node) else { return false }
            let answer: UInt32 = 1 << UInt32(group.bits)
            self.splits.append(self.split(node, slot: place.slot, answer: group.bits))
            group.bits += 1
            let column = group.columns.firstIndex(of: self.tree.column[node]) ?? group.columns.count
            if column == group.columns.count { group.columns.append(self.tree.column[node]) }
            for (way, child) in children.enumerated() {
                var below = terms
                let term = below.firstIndex { $0.place == column } ?? below.count
                if term == below.count { below.append(PathIntegral.Term(answers: 0, place: column, share: 1)) }
                below[term].answers |= answer
                below[term].share *= child.share
                open.append((child.node, way == 0 ? wanted | answer : wanted, below))
            }
        }
        // A column that is asked about below as well belongs to the leaves, each of which may have another share.
        let below = Set(group.leaves.flatMap { $0.terms.filter { $0.answers & ~above != 0 }.map(\.place) })
        group.shared = terms.filter { !below.contains($0.place) }
        for leaf in group.leaves.indices { group.leaves[leaf].terms.removeAll { !below.contains($0.place) } }
        self.groups.append(group)
        return true
    }
}
