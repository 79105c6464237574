/// Exact path-dependent SHAP values of a tree ensemble, looked up in tables.
///
/// The values are those of TreeSHAP (Lundberg et al., "From local explanations to global understanding with
/// explainable AI for trees", 2020, algorithm 2), as libxgboost gives them. What a leaf contributes depends only on
/// which columns of its path a row satisfies, so that it can be tabulated when the model is loaded (Yang, "Fast
/// TreeSHAP", 2021; Nadel and Wettenstein, "From decision trees to Boolean logic", 2025). Here neighbouring leaves
/// share a table: see ``LeafGroup``. Tables are filled by ``PathIntegral``, which also explains the leaves of trees that
/// are too deep for tables; both give the same bits.
struct TreeExplainer: Sendable {
    /// The tables of all trees may take so much memory.
    static let maximumTableBytes = 64 << 20

    private let plan: TreePlan

    /// Lays the trees out; nil where that is impossible, as ``TreePlan`` says.
    init?(_ ensemble: TreeEnsemble, outputs: [Int], maximumTableBytes: Int = Self.maximumTableBytes) {
        guard let plan = TreePlan(ensemble, outputs: outputs, maximumTableBytes: maximumTableBytes) else { return nil }
        self.plan = plan
    }

    /// The margin of a customer of whom nothing is known.
    var baseMargin: Double { self.plan.baseMargin }

    /// The memory that the tables take.
    var tableBytes: Int { self.plan.tables.count * MemoryLayout<Double>.stride }

    /// The contributions of rows that lie one after the other, as many for each row as there are outputs.
    func contributions(of rows: [Float]) -> [Double] { self.sums(of: rows, differencesOnly: false) }

    /// The contributions of each second row of a pair less those of the first, for pairs that lie one after the other.
    func differences(of pairs: [Float]) -> [Double] {
        let outputs = self.plan.outputs
        let sums = self.sums(of: pairs, differencesOnly: true)
        return (0..<sums.count / 2).map { place in
            let before = place / outputs * 2 * outputs + place % outputs
            return sums[before + outputs] - sums[before]
        }
    }

    private func sums(of rows: [Float], differencesOnly: Bool) -> [Double] {
        let count = rows.count / self.plan.columns
        guard count > 0 else { return [] }
        let block = RowBlock(self.plan)
        return Array(unsafeUninitializedCapacity: count * self.plan.outputs) { sums, initialized in
            rows.withUnsafeBufferPointer { rows in
                guard let rows = rows.baseAddress, let sums = sums.baseAddress else { return }
                for start in stride(from: 0, to: count, by: RowBlock.capacity) {
                    block.begin(rows + start * self.plan.columns, count: min(RowBlock.capacity, count - start))
                    for tree in self.plan.trees { block.add(tree, differencesOnly: differencesOnly) }
                    block.write(to: sums + start * self.plan.outputs)
                }
            }
            initialized = count * self.plan.outputs
        }
    }
}
