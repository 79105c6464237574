/// The trees of a booster, laid out for ``TreeExplainer``.
struct TreePlan: Sendable {
    /// The part of the plan that belongs to one tree.
    struct Tree: Sendable {
        var forks: Range<Int>
        var splits: Range<Int>
        var groups: Range<Int>
    }

    let columns: Int
    let outputs: Int
    private(set) var trees: [Tree] = []
    private(set) var forks: [Fork] = []
    private(set) var groups: [LeafGroup] = []
    private(set) var splits: [Split] = []
    /// The places where the contributions of the groups' columns are added up, in bytes.
    private(set) var places: [Int] = []
    private(set) var paths = PathIntegral()
    private(set) var tables = TableMemory(count: 0)
    /// The number of places for answers that the largest tree needs.
    private(set) var slots = 1
    /// The margin of a customer of whom nothing is known.
    private(set) var baseMargin: Double

    /// Lays trees out.
    ///
    /// - Parameters:
    ///   - outputs: where each column's contribution is added up.
    ///   - maximumTableBytes: the tables may take so much memory; the largest are left out.
    /// - Returns: nil where ``TreePartition`` cannot cut a tree.
    init?(_ ensemble: TreeEnsemble, outputs: [Int], maximumTableBytes: Int) {
        self.columns = ensemble.columns
        self.outputs = (outputs.max() ?? -1) + 1
        self.baseMargin = ensemble.baseMargin
        for tree in ensemble.trees {
            guard let partition = TreePartition(tree) else { return nil }
            let groups = self.groups.count
            for group in partition.groups { self.append(group, outputs: outputs) }
            self.trees.append(
                Tree(
                    forks: self.forks.count..<self.forks.count + partition.forks.count,
                    splits: self.splits.count..<self.splits.count + partition.splits.count,
                    groups: groups..<self.groups.count))
            self.forks += partition.forks
            self.splits += partition.splits
            self.slots = max(self.slots, partition.slots)
        }
        self.fillTables(maximumTableBytes)
    }

    private mutating func append(_ group: TreePartition.Group, outputs: [Int]) {
        // Vectors are full: what goes to the output behind the last is not read.
        let spare = (4 - group.columns.count % 4) % 4
        let places = group.columns.map { outputs[$0] } + Array(repeating: self.outputs, count: spare)
        self.groups.append(
            LeafGroup(
                slot: group.slot, bits: group.bits, outputs: self.places.count..<self.places.count + places.count,
                leaves: self.paths.append(shared: group.shared, group.leaves)))
        self.places += places.map { $0 * MemoryLayout<SIMD2<Double>>.stride }
        for leaf in group.leaves {
            self.baseMargin += (group.shared + leaf.terms).reduce(leaf.value) { $0 * $1.share }
        }
    }

    /// Tabulates the contributions of the groups with the smallest tables, as long as there is room.
    private mutating func fillTables(_ maximumBytes: Int) {
        var bytes = 0
        for group in self.groups.indices.sorted(by: { self.groups[$0].tableBytes < self.groups[$1].tableBytes }) {
            bytes += self.groups[group].tableBytes
            guard bytes <= maximumBytes else { break }
            self.groups[group].table = 0
        }
        var count = 0
        for group in self.groups.indices where self.groups[group].table != nil {
            self.groups[group].table = count
            count += self.groups[group].tableBytes / MemoryLayout<Double>.stride
        }
        self.tables = TableMemory(count: count)
        for group in self.groups {
            guard let table = group.table else { continue }
            for answers in 0...group.answers {
                let entry = self.tables.start + table + (Int(answers) << group.shift) / MemoryLayout<Double>.stride
                self.paths.add(group.leaves, for: answers, to: entry)
            }
        }
    }

    /// The arrays of groups without their checks.
    @inline(__always)
    func withBuffers(_ body: (_ groups: UnsafePointer<LeafGroup>, _ places: UnsafePointer<Int>) -> Void) {
        self.groups.withUnsafeBufferPointer { groups in
            self.places.withUnsafeBufferPointer { places in
                if let groups = groups.baseAddress, let places = places.baseAddress { body(groups, places) }
            }
        }
    }
}
