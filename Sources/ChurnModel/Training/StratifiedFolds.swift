import ChurnCore

/// Divides rows into folds, with the same share of each label in all of them.
struct StratifiedFolds {
    /// The fold of each place, from 0, in the places' order.
    let folds: [Int]
    let count: Int

    /// - Parameters:
    ///   - places: the rows to divide.
    ///   - count: how many folds; at most as many as there are rows of the rarer label.
    init(of places: [Int], labels: [Bool], count: Int, using random: inout SeededRandom) {
        var folds = Array(repeating: 0, count: places.count)
        for label in [false, true] {
            var those = places.indices.filter { labels[places[$0]] == label }
            for index in those.indices.reversed() { those.swapAt(index, random.index(below: index + 1)) }
            for (turn, place) in those.enumerated() { folds[place] = turn % count }
        }
        self.folds = folds
        self.count = count
    }
}
