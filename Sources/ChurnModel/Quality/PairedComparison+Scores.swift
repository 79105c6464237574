import ChurnInsight

extension PairedComparison {
    /// Compares the scores of two models on the same customers.
    ///
    /// The areas' difference has the variance of DeLong, DeLong and Clarke-Pearson ("Comparing the Areas under Two or
    /// More Correlated Receiver Operating Characteristic Curves", Biometrics 44, 1988), whose placements are found by
    /// ranks (Sun and Xu, IEEE Signal Processing Letters 21, 2014); that of the Brier scores is the mean of each
    /// customer's difference. Both intervals are those of the normal distribution.
    ///
    /// - Returns: nil without customers.
    init?(champion: [Double], challenger: [Double], labels: [Bool]) {
        guard !labels.isEmpty, champion.count == labels.count, challenger.count == labels.count else { return nil }
        let positives = labels.count { $0 }
        let hasBoth = positives > 0 && positives < labels.count
        let (theirs, ours) = (Placements(champion, labels), Placements(challenger, labels))
        let losses = zip(zip(champion, challenger), labels).map { scores, label in
            let outcome = label ? 1.0 : 0
            let (before, after) = (scores.0 - outcome, scores.1 - outcome)
            return after * after - before * before
        }
        self.init(
            customers: labels.count, positives: positives, championAUC: hasBoth ? theirs.auc : nil,
            challengerAUC: hasBoth ? ours.auc : nil,
            auc: positives > 1 && labels.count - positives > 1 ? ours.difference(from: theirs) : nil,
            championBrier: ModelMetrics.brierScore(champion, labels),
            challengerBrier: ModelMetrics.brierScore(challenger, labels),
            brier: losses.count > 1
                ? Difference(mean: losses.mean, variance: losses.variance / Double(losses.count)) : nil)
    }
}

extension PairedComparison.Difference {
    fileprivate init(mean: Double, variance: Double) {
        let reach = 1.959964 * variance.squareRoot()
        self.init(value: mean, lower: mean - reach, upper: mean + reach)
    }
}

/// For each who left the share of those who stayed with a lower score, and for each who stayed that of those who left
/// with a higher one; equal scores count by half.
private struct Placements {
    var left: [Double]
    var stayed: [Double]
    var auc: Double { self.left.mean }

    init(_ scores: [Double], _ labels: [Bool]) {
        let ours = zip(scores, labels).filter(\.1).map(\.0)
        let others = zip(scores, labels).filter { !$0.1 }.map(\.0)
        self.left = Self.shares(of: others, below: ours)
        self.stayed = Self.shares(of: ours, below: others).map { 1 - $0 }
    }

    private static func shares(of others: [Double], below scores: [Double]) -> [Double] {
        let sorted = others.sorted()
        func rank(_ isBefore: (Double) -> Bool) -> Int {
            var (low, high) = (0, sorted.count)
            while low < high {
                let middle = (low + high) / 2
                if isBefore(sorted[middle]) { low = middle + 1 } else { high = middle }
            }
            return low
        }
        return scores.map { score in
            Double(rank { $0 < score } + rank { $0 <= score }) / 2 / Double(max(sorted.count, 1))
        }
    }

    /// The difference of the areas; the customers are the same, in the same order.
    func difference(from other: Placements) -> PairedComparison.Difference {
        let left = zip(self.left, other.left).map { $0 - $1 }
        let stayed = zip(self.stayed, other.stayed).map { $0 - $1 }
        return PairedComparison.Difference(
            mean: self.auc - other.auc,
            variance: left.variance / Double(left.count) + stayed.variance / Double(stayed.count))
    }
}

extension [Double] {
    fileprivate var mean: Double { self.reduce(0, +) / Double(Swift.max(self.count, 1)) }

    fileprivate var variance: Double {
        let mean = self.mean
        return self.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(Swift.max(self.count - 1, 1))
    }
}
