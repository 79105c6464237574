/// The SHAP values of the leaves below a node, by a Gauss-Legendre rule.
///
/// A path asks about m columns. Column k has the share z of the training rows that went the path's way at all its
/// splits, and o, 1 where the row does and else 0. A leaf of value v gives column j
///
///     v (o_j - z_j) times the integral over t from 0 to 1 of the product over k other than j of (1 - t) z_k + t o_k
///
/// (Owen, "Multilinear extensions of games", 1972), a polynomial of degree m - 1, which m/2 points integrate exactly.
/// All factors are positive, so that nothing cancels, and there is no division.
struct PathIntegral: Sendable {
    typealias Lanes = SIMD4<Double>

    /// Paths may ask about this many columns.
    static let maximumColumns = 32

    /// A column of a path.
    struct Term: Sendable {
        /// The answers that are as the leaf wants them where the row follows the path at this column.
        var answers: UInt32
        /// The place of the column among those of the group.
        var place: Int
        /// The share of the training rows.
        var share: Double
    }

    struct Leaf: Sendable {
        var value: Double
        var wanted: UInt32
        /// The columns that are asked about below the group's node.
        var terms: Range<Int>
    }

    /// The leaves below a node.
    struct Leaves: Sendable {
        /// The columns that are asked about only above the node: all leaves have them, and want their answers set.
        var shared: Range<Int>
        var leaves: Range<Int>
        /// The rule that is exact for the longest path.
        var rule: Int
    }

    /// A shared column that a row follows.
    private struct Factor {
        var place = 0
        var share = 0.0
        var value = Lanes.zero
        /// The product of the factors before.
        var before = Lanes.zero
    }

    /// A rule's points t, in fours, 1 - t, and for each n the weights times (1 - t) to the power of n.
    private struct Rule {
        var points: [Lanes] = []
        var rests: [Lanes] = []
        var weights: [[Lanes]] = []

        init(count: Int) {
            let rule = GaussLegendre(count: count)
            for first in stride(from: 0, to: count, by: Lanes.scalarCount) {
                let points = Lanes(rule.points[first..<first + Lanes.scalarCount])
                self.points.append(points)
                self.rests.append(1 - points)
                var powers = [Lanes(rule.weights[first..<first + Lanes.scalarCount])]
                for power in 0..<PathIntegral.maximumColumns { powers.append(powers[power] * (1 - points)) }
                self.weights.append(powers)
            }
        }
    }

    /// The rules for paths of up to 8, 16, 24 and 32 columns.
    private static let rules = stride(from: 4, through: maximumColumns / 2, by: 4).map(Rule.init)

    private(set) var leaves: [Leaf] = []
    private(set) var terms: [Term] = []

    /// Adds the leaves below a node.
    mutating func append(shared: [Term], _ leaves: [(value: Double, wanted: UInt32, terms: [Term])]) -> Leaves {
        let first = self.leaves.count
        let start = self.terms.count
        self.terms += shared
        for leaf in leaves {
            let place = self.terms.count
            self.terms += leaf.terms
            self.leaves.append(Leaf(value: leaf.value, wanted: leaf.wanted, terms: place..<self.terms.count))
        }
        let longest = shared.count + (leaves.map(\.terms.count).max() ?? 0)
        return Leaves(
            shared: start..<start + shared.count, leaves: first..<self.leaves.count,
            rule: max(longest - 1, 0) / (2 * Lanes.scalarCount))
    }

    /// Adds what leaves contribute for these answers to the sums of their group's columns.
    func add(_ leaves: Leaves, for answers: UInt32, to sums: UnsafeMutablePointer<Double>) {
        withUnsafeTemporaryAllocation(of: Factor.self, capacity: Self.maximumColumns + 1) { factors in
            withUnsafeTemporaryAllocation(of: Int.self, capacity: Self.maximumColumns + 1) { lost in
                self.add(leaves, answers, factors, lost, to: sums)
            }
        }
    }

    private func add(
        _ leaves: Leaves, _ answers: UInt32, _ factors: UnsafeMutableBufferPointer<Factor>,
        _ lost: UnsafeMutableBufferPointer<Int>, to sums: UnsafeMutablePointer<Double>
    ) {
        // Columns at which the row leaves the path give (1 - t) z each. Without branches, which nothing could predict.
        var (share, followedCount, lostCount) = (1.0, 0, 0)
        for term in self.terms[leaves.shared] {
            let isFollowed = answers & term.answers != 0
            factors[followedCount].place = term.place
            factors[followedCount].share = term.share
            lost[lostCount] = term.place
            share *= isFollowed ? 1 : term.share
            followedCount += isFollowed ? 1 : 0
            lostCount += isFollowed ? 0 : 1
        }
        guard share != 0 else { return }
        let rule = Self.rules[leaves.rule]
        for part in rule.points.indices {
            let (point, rest, weights) = (rule.points[part], rule.rests[part], rule.weights[part])
            var product = Lanes(repeating: share)
            for index in 0..<followedCount {
                factors[index].before = product
                factors[index].value = point + rest * factors[index].share
                product *= factors[index].value
            }
            let below = self.addBelow(leaves, answers, point, rest, product * weights[lostCount], to: sums)
            if lostCount > 0 {
                let loss = (product * below * weights[lostCount - 1]).sum()
                for index in 0..<lostCount { sums[lost[index]] -= loss }
            }
            // From the other end, so that each column meets the product of all others.
            product = below * weights[lostCount]
            for index in (0..<followedCount).reversed() {
                sums[factors[index].place] += (1 - factors[index].share) * (product * factors[index].before).sum()
                product *= factors[index].value
            }
        }
    }

    /// Adds the contributions of the columns below the node, and returns the sum over the leaves that others see.
    @inline(__always)
    private func addBelow(
        _ leaves: Leaves, _ answers: UInt32, _ point: Lanes, _ rest: Lanes, _ above: Lanes,
        to sums: UnsafeMutablePointer<Double>
    ) -> Lanes {
        var sum = Lanes.zero
        for leaf in self.leaves[leaves.leaves] {
            let wrong = answers ^ leaf.wanted
            func factor(_ term: Term) -> Lanes { rest * term.share + (wrong & term.answers == 0 ? point : .zero) }
            var all = Lanes(repeating: leaf.value)
            for own in leaf.terms {
                let term = self.terms[own]
                var others = above * leaf.value
                for other in leaf.terms where other != own { others *= factor(self.terms[other]) }
                sums[term.place] += ((wrong & term.answers == 0 ? 1 : 0) - term.share) * others.sum()
                all *= factor(term)
            }
            sum += all
        }
        return sum
    }
}
