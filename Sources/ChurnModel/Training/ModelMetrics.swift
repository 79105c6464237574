import Foundation

/// How well probabilities fit what happened.
public struct ModelMetrics: Codable, Hashable, Sendable {
    /// Customers whose probability fell into one stretch.
    public struct CalibrationBin: Codable, Hashable, Sendable {
        /// The stretch's lower bound.
        public var lower: Double
        /// The stretch's upper bound.
        public var upper: Double
        /// How many customers fell into it.
        public var count: Int
        /// Their mean probability.
        public var meanProbability: Double
        /// The share of them who left.
        public var observedRate: Double
    }

    /// How many customers were scored.
    public var rows: Int
    /// How many of them left.
    public var positives: Int
    /// The chance that one who left has a higher probability than one who stayed.
    public var auc: Double
    /// The mean logarithmic loss.
    public var logLoss: Double
    /// The mean squared difference between probability and outcome.
    public var brierScore: Double
    /// Ten stretches of equal width; those without a customer are left out.
    public var calibration: [CalibrationBin]

    /// Measures probabilities, one for each label.
    public init(probabilities: [Double], labels: [Bool]) {
        self.rows = labels.count
        self.positives = labels.count { $0 }
        self.auc = Self.auc(probabilities, labels)
        self.logLoss = Self.logLoss(probabilities, labels)
        self.brierScore =
            zip(probabilities, labels).reduce(0) { sum, pair in
                sum + (pair.0 - (pair.1 ? 1 : 0)) * (pair.0 - (pair.1 ? 1 : 0))
            } / Double(max(labels.count, 1))
        self.calibration = Self.calibration(probabilities, labels)
    }

    /// From the ranks; equal probabilities share their mean rank.
    ///
    /// 0.5 where only one label occurs.
    static func auc(_ probabilities: [Double], _ labels: [Bool]) -> Double {
        let order = probabilities.indices.sorted { probabilities[$0] < probabilities[$1] }
        var rankSum = 0.0
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, probabilities[order[end]] == probabilities[order[start]] { end += 1 }
            let meanRank = Double(start + 1 + end) / 2
            rankSum += meanRank * Double(order[start..<end].count { labels[$0] })
            start = end
        }
        let positives = Double(labels.count { $0 })
        let negatives = Double(labels.count) - positives
        guard positives > 0, negatives > 0 else { return 0.5 }
        return (rankSum - positives * (positives + 1) / 2) / (positives * negatives)
    }

    static func logLoss(_ probabilities: [Double], _ labels: [Bool]) -> Double {
        let sum = zip(probabilities, labels).reduce(0.0) { sum, pair in
            sum - log(max(pair.1 ? pair.0 : 1 - pair.0, 1e-15))
        }
        return sum / Double(max(labels.count, 1))
    }

    private static func calibration(_ probabilities: [Double], _ labels: [Bool]) -> [CalibrationBin] {
        var sums = Array(repeating: (count: 0, probability: 0.0, positives: 0), count: 10)
        for (probability, label) in zip(probabilities, labels) {
            let bin = min(max(Int(probability * 10), 0), 9)
            sums[bin].count += 1
            sums[bin].probability += probability
            sums[bin].positives += label ? 1 : 0
        }
        return sums.enumerated().filter { $1.count > 0 }.map { bin, sum in
            CalibrationBin(
                lower: Double(bin) / 10, upper: Double(bin + 1) / 10, count: sum.count,
                meanProbability: sum.probability / Double(sum.count),
                observedRate: Double(sum.positives) / Double(sum.count))
        }
    }
}
