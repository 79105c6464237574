/// The curves that show how probabilities rank and fit, thinned for drawing.
public struct QualityCurves: Codable, Hashable, Sendable {
    /// A point of a curve.
    public struct Point: Codable, Hashable, Sendable {
        /// To the right.
        public var x: Double
        /// Upwards.
        public var y: Double
    }

    /// The most points of a curve.
    private static let points = 200

    /// The share of those who stayed (x) and of those who left (y) above every threshold.
    public var roc: [Point]
    /// The share of those who left that is found (x) and of those found who left (y), for every threshold.
    public var precisionRecall: [Point]
    /// The mean probability (x) and the share who left (y) in bins of equal size.
    public var calibration: [Point]
    /// The share of customers, highest first (x), and how many times as often they left as all (y).
    public var lift: [Point]

    /// Computes the curves of probabilities, one for each label.
    public init(probabilities: [Double], labels: [Bool]) {
        let positives = Double(max(labels.count { $0 }, 1))
        let negatives = Double(max(labels.count { !$0 }, 1))
        var roc = [Point(x: 0, y: 0)]
        var precision: [Point] = []
        var lift: [Point] = []
        let order = probabilities.indices.sorted { probabilities[$0] > probabilities[$1] }
        var (found, missed) = (0.0, 0.0)
        for (index, place) in order.enumerated() {
            if labels[place] { found += 1 } else { missed += 1 }
            // Customers of one probability are on one side of every threshold.
            if index + 1 < order.count, probabilities[order[index + 1]] == probabilities[place] { continue }
            let taken = found + missed
            roc.append(Point(x: missed / negatives, y: found / positives))
            precision.append(Point(x: found / positives, y: found / taken))
            lift.append(
                Point(
                    x: taken / Double(labels.count), y: (found / taken) / (positives / Double(labels.count))))
        }
        self.roc = Self.thinned(roc)
        self.precisionRecall = Self.thinned(precision)
        self.lift = Self.thinned(lift)
        self.calibration = ModelMetrics.equalMassBins(probabilities, labels).map {
            Point(x: $0.meanProbability, y: $0.observedRate)
        }
    }

    /// Evenly many of the points, the first and the last among them.
    private static func thinned(_ points: [Point]) -> [Point] {
        guard points.count > Self.points else { return points }
        return (0..<Self.points).map { points[$0 * (points.count - 1) / (Self.points - 1)] }
    }
}
