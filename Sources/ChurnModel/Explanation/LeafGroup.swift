/// The leaves below one node, whose contributions depend on a few bits only.
///
/// The *answers* of a row are a bit for each column on the path to the node, set where the row went towards the node at
/// all splits on that column, followed by a bit for each split below the node, set where the row goes left.
struct LeafGroup: Sendable {
    /// The place of the answers among those of the tree.
    var slot: Int
    /// All answers.
    var answers: UInt32
    /// By how many bits answers are shifted to find their contributions in the table, in bytes.
    ///
    /// These lie at multiples of a power of two, so that they take as few cache lines as can be.
    var shift: Int
    /// The places where the contributions of the columns are added up: a multiple of four.
    var outputs: Range<Int>
    var leaves: PathIntegral.Leaves
    /// The start of the contributions for all answers; nil where they are computed for each row.
    var table: Int?

    init(slot: Int, bits: Int, outputs: Range<Int>, leaves: PathIntegral.Leaves) {
        (self.slot, self.outputs, self.leaves) = (slot, outputs, leaves)
        self.answers = UInt32(truncatingIfNeeded: (UInt64(1) << UInt64(bits)) - 1)
        var shift = 5
        while 1 << shift < outputs.count * MemoryLayout<Double>.stride { shift += 1 }
        self.shift = shift
    }

    /// The memory that a table takes.
    var tableBytes: Int { (Int(self.answers) + 1) << self.shift }
}

/// A question about one column.
struct Split: Sendable {
    /// The place of the answers on the path to the split.
    var slot: Int
    /// The column times two, and 1 more where a missing value goes left.
    var plane: Int
    var threshold: Float
    /// The answer that becomes 0 where the row goes another way.
    var answer: UInt32
}

/// A split above several groups, which narrows the answers on the way to both of its children.
struct Fork: Sendable {
    var split: Split
    /// The places of the answers at its children.
    var left: Int
    var right: Int
}
