import Foundation

/// Learns a curve through the log-odds by logistic regression.
enum LogOddsCurve {
    /// Less than this and scores say nothing; a calibration must still rise.
    private static let leastSlope = 0.01
    private static let clip = (low: 1e-9, high: 1 - 1e-9)

    /// One slope for both ends.
    static func platt(_ scores: [Float], _ labels: [Bool]) -> ProbabilityCalibration.Curve {
        let odds = Self.clipped(scores).map { log($0) - log1p(-$0) }
        let targets = Self.targets(labels)
        if let weights = LogisticFit.weights([odds], targets), weights[0] >= Self.leastSlope {
            return ProbabilityCalibration.Curve(low: weights[0], high: weights[0], offset: weights[1])
        }
        // Scores that do not go with the labels: nearly a constant, at the mean.
        let mean = targets.reduce(0, +) / Double(max(targets.count, 1))
        let meanOdds = odds.reduce(0, +) / Double(max(odds.count, 1))
        let offset = mean > 0 && mean < 1 ? log(mean / (1 - mean)) - Self.leastSlope * meanOdds : 0
        return ProbabilityCalibration.Curve(low: Self.leastSlope, high: Self.leastSlope, offset: offset)
    }

    /// A slope for each end; one of them alone where both would not rise.
    static func beta(_ scores: [Float], _ labels: [Bool]) -> ProbabilityCalibration.Curve {
        let places = Self.clipped(scores)
        let (low, high) = (places.map { log($0) }, places.map { -log1p(-$0) })
        let targets = Self.targets(labels)
        if let weights = LogisticFit.weights([low, high], targets), min(weights[0], weights[1]) >= 0,
            weights[0] + weights[1] >= Self.leastSlope
        {
            return ProbabilityCalibration.Curve(low: weights[0], high: weights[1], offset: weights[2])
        }
        if let weights = LogisticFit.weights([low], targets), weights[0] >= Self.leastSlope {
            return ProbabilityCalibration.Curve(low: weights[0], high: 0, offset: weights[1])
        }
        return Self.platt(scores, labels)
    }

    private static func clipped(_ scores: [Float]) -> [Double] {
        scores.map { min(max(Double($0), Self.clip.low), Self.clip.high) }
    }

    /// Platt's targets: a little inside 0 and 1, so that perfectly separated scores do not make an endless slope.
    private static func targets(_ labels: [Bool]) -> [Double] {
        let positives = Double(labels.count { $0 })
        let (high, low) = ((positives + 1) / (positives + 2), 1 / (Double(labels.count) - positives + 2))
        return labels.map { $0 ? high : low }
    }
}
