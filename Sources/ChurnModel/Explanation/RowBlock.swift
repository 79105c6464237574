/// A few rows that are explained together, tree by tree, while the tree's tables are at hand.
///
/// Rows lie in lanes: four share a vector of values or answers, two one of sums. A row's numbers never meet another's,
/// so that a row gives the same bits in any block.
final class RowBlock {
    /// The number of rows that fit.
    static let capacity = 256
    private static let quads = capacity / 4

    private typealias Answers = SIMD4<UInt32>
    private typealias Sums = SIMD2<Double>

    private let plan: TreePlan
    private var count = 0
    /// Two planes for each column: a missing value is larger than all others in the first, smaller in the second.
    private let values: UnsafeMutablePointer<SIMD4<Float>>
    private let answers: UnsafeMutablePointer<Answers>
    /// For each pair of rows a vector for each output, and one that is not read.
    private let sums: UnsafeMutablePointer<Sums>
    private let computed: UnsafeMutablePointer<Double>

    init(_ plan: TreePlan) {
        self.plan = plan
        self.values = .allocate(capacity: 2 * plan.columns * Self.quads)
        self.answers = .allocate(capacity: plan.slots * Self.quads)
        self.sums = .allocate(capacity: (plan.outputs + 1) * Self.capacity / 2)
        self.computed = .allocate(capacity: 2 * PathIntegral.maximumColumns)
    }

    deinit {
        self.values.deallocate()
        self.answers.deallocate()
        self.sums.deallocate()
        self.computed.deallocate()
    }

    /// Takes rows that lie one after the other; the last is repeated in lanes without a row.
    func begin(_ rows: UnsafePointer<Float>, count: Int) {
        self.count = count
        let values = UnsafeMutableRawPointer(self.values).assumingMemoryBound(to: Float.self)
        for lane in 0..<(count + 3) / 4 * 4 {
            let row = rows + min(lane, count - 1) * self.plan.columns
            for column in 0..<self.plan.columns {
                let value = row[column]
                let planes = values + 2 * column * Self.capacity + lane
                planes[0] = value.isNaN ? .infinity : value
                planes[Self.capacity] = value.isNaN ? -.infinity : value
            }
        }
        self.sums.initialize(repeating: .zero, count: (count + 1) / 2 * (self.plan.outputs + 1))
    }

    /// Writes the sums of all outputs, row by row.
    func write(to result: UnsafeMutablePointer<Double>) {
        for row in 0..<self.count {
            for output in 0..<self.plan.outputs {
                let sum = self.sums[row / 2 * (self.plan.outputs + 1) + output]
                result[row * self.plan.outputs + output] = sum[row % 2]
            }
        }
    }

    /// Adds the contributions of one tree; where both rows of a pair give the same answers to a group, to neither if
    /// `differencesOnly`.
    func add(_ tree: TreePlan.Tree, differencesOnly: Bool) {
        let quads = (self.count &+ 3) / 4
        self.answers.initialize(repeating: Answers(repeating: .max), count: quads)
        self.plan.forks.withUnsafeBufferPointer { Self.ask($0[tree.forks], self.values, self.answers, quads) }
        self.plan.splits.withUnsafeBufferPointer { Self.ask($0[tree.splits], self.values, self.answers, quads) }
        let tables = self.plan.tables.start
        self.plan.withBuffers { groups, places in
            for index in tree.groups {
                let group = groups + index
                if let table = group.pointee.table {
                    self.look(up: group, tables + table, places, differencesOnly)
                } else {
                    self.compute(group, places, differencesOnly)
                }
            }
        }
    }

    /// Gives both children of each fork their answers.
    private static func ask(
        _ forks: Slice<UnsafeBufferPointer<Fork>>, _ values: UnsafePointer<SIMD4<Float>>,
        _ answers: UnsafeMutablePointer<Answers>, _ quads: Int
    ) {
        for fork in forks {
            let values = values + fork.split.plane &* Self.quads
            let above = answers + fork.split.slot &* Self.quads
            let left = answers + fork.left &* Self.quads
            let right = answers + fork.right &* Self.quads
            let threshold = SIMD4(repeating: fork.split.threshold)
            let answer = Answers(repeating: fork.split.answer)
            var quad = 0
            repeat {
                let goesLeft = unsafeBitCast(values[quad] .< threshold, to: Answers.self) & answer
                left[quad] = above[quad] & ~(goesLeft ^ answer)
                right[quad] = above[quad] & ~goesLeft
                quad &+= 1
            } while quad < quads
        }
    }

    /// Adds the answers to the splits of groups.
    private static func ask(
        _ splits: Slice<UnsafeBufferPointer<Split>>, _ values: UnsafePointer<SIMD4<Float>>,
        _ answers: UnsafeMutablePointer<Answers>, _ quads: Int
    ) {
        for split in splits {
            let values = values + split.plane &* Self.quads
            let answers = answers + split.slot &* Self.quads
            let threshold = SIMD4(repeating: split.threshold)
            let others = Answers(repeating: ~split.answer)
            var quad = 0
            repeat {
                answers[quad] &= unsafeBitCast(values[quad] .< threshold, to: Answers.self) | others
                quad &+= 1
            } while quad < quads
        }
    }

    /// Adds the contributions of a group from its table.
    @inline(__always)
    private func look(
        up group: UnsafePointer<LeafGroup>, _ table: UnsafePointer<Double>, _ places: UnsafePointer<Int>,
        _ differencesOnly: Bool
    ) {
        let table = UnsafeRawPointer(table)
        let shift = group.pointee.shift
        self.forEachPair(group, differencesOnly) { first, second, sums in
            Self.add(table + Int(first) &<< shift, table + Int(second) &<< shift, group, places, to: sums)
        }
    }

    /// Adds the contributions of a group that has no table.
    @inline(never)
    private func compute(_ group: UnsafePointer<LeafGroup>, _ places: UnsafePointer<Int>, _ differencesOnly: Bool) {
        let (own, other) = (self.computed, self.computed + PathIntegral.maximumColumns)
        self.forEachPair(group, differencesOnly) { first, second, sums in
            own.initialize(repeating: 0, count: 2 * PathIntegral.maximumColumns)
            self.plan.paths.add(group.pointee.leaves, for: first, to: own)
            self.plan.paths.add(group.pointee.leaves, for: second, to: other)
            Self.add(own, other, group, places, to: sums)
        }
    }

    /// Calls a closure with the answers and sums of each pair of rows.
    @inline(__always)
    private func forEachPair(
        _ group: UnsafePointer<LeafGroup>, _ differencesOnly: Bool,
        _ body: (_ first: UInt32, _ second: UInt32, UnsafeMutablePointer<Sums>) -> Void
    ) {
        var answers = UnsafeRawPointer(self.answers + group.pointee.slot &* Self.quads)
            .assumingMemoryBound(to: UInt32.self)
        let end = answers + self.count
        let (mask, stride) = (group.pointee.answers, self.plan.outputs &+ 1)
        var sums = self.sums
        repeat {
            let (first, second) = (answers[0] & mask, answers[1] & mask)
            if !differencesOnly || first != second { body(first, second, sums) }
            answers += 2
            sums += stride
        } while answers < end
    }

    /// Adds the contributions of the columns to two rows, four columns at once.
    @inline(__always)
    private static func add(
        _ first: UnsafeRawPointer, _ second: UnsafeRawPointer, _ group: UnsafePointer<LeafGroup>,
        _ places: UnsafePointer<Int>, to sums: UnsafeMutablePointer<Sums>
    ) {
        let places = places + group.pointee.outputs.lowerBound
        let width = group.pointee.outputs.upperBound &- group.pointee.outputs.lowerBound
        let first = first.assumingMemoryBound(to: Sums.self)
        let second = second.assumingMemoryBound(to: Sums.self)
        let sums = UnsafeMutableRawPointer(sums)
        var column = 0
        while column < width {
            for half in 0..<2 {
                let (own, other) = (first[column / 2 &+ half], second[column / 2 &+ half])
                let even = (sums + places[column &+ 2 &* half]).assumingMemoryBound(to: Sums.self)
                even.pointee += Sums(own[0], other[0])
                let odd = (sums + places[column &+ 2 &* half &+ 1]).assumingMemoryBound(to: Sums.self)
                odd.pointee += Sums(own[1], other[1])
            }
            column &+= 4
        }
    }
}
