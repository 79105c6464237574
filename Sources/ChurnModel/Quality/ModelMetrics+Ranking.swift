extension ModelMetrics {
    /// The chance that one who left has a higher probability than one who stayed; 0.5 where only one label occurs.
    ///
    /// From the ranks; equal probabilities share their mean rank.
    public static func auc(_ probabilities: [Double], _ labels: [Bool]) -> Double {
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

    /// Returns how many times as often the customers of the highest probabilities left as all; 1 where no one left.
    ///
    /// Of equal probabilities at the edge each counts for its part, so that the order of customers does not matter.
    ///
    /// - `share`: how many of all customers are the highest, at least one.
    public static func lift(_ probabilities: [Double], _ labels: [Bool], top share: Double = 0.1) -> Double {
        let positives = labels.count { $0 }
        guard positives > 0 else { return 1 }
        let wanted = min(max((Double(labels.count) * share).rounded(.up), 1), Double(labels.count))
        let order = probabilities.indices.sorted { probabilities[$0] > probabilities[$1] }
        var taken = 0.0
        var caught = 0.0
        var start = 0
        while start < order.count, taken < wanted {
            var end = start + 1
            while end < order.count, probabilities[order[end]] == probabilities[order[start]] { end += 1 }
            let part = min(Double(end - start), wanted - taken)
            caught += Double(order[start..<end].count { labels[$0] }) * part / Double(end - start)
            taken += part
            start = end
        }
        return (caught / wanted) / (Double(positives) / Double(labels.count))
    }
}
