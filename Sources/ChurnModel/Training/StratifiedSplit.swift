import ChurnCore

/// Divides rows in two, with the same share of each label on both sides.
struct StratifiedSplit {
    /// The larger part, in the rows' order.
    var rest: [Int] = []
    /// The part that was taken out, in the rows' order.
    var taken: [Int] = []

    /// - Parameters:
    ///   - places: the rows to divide.
    ///   - share: how much of each label is taken out, at least one row of each where there are two.
    init(of places: [Int], labels: [Bool], share: Double, using random: inout SeededRandom) {
        for label in [false, true] {
            var those = places.filter { labels[$0] == label }
            for index in those.indices.reversed() { those.swapAt(index, random.index(below: index + 1)) }
            let wanted = Int((Double(those.count) * share).rounded())
            let count = those.count < 2 ? 0 : min(max(wanted, 1), those.count - 1)
            self.taken += those[..<count]
            self.rest += those[count...]
        }
        self.taken.sort()
        self.rest.sort()
    }
}
