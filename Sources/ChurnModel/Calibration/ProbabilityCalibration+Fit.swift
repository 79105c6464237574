import ChurnCore

extension ProbabilityCalibration {
    /// Learns a calibration.
    ///
    /// - Parameters:
    ///   - scores: scores of customers that the booster had not seen.
    ///   - labels: whether each of them left.
    /// - Returns: nil for the method `none`.
    static func fitted(_ method: CalibrationMethod, scores: [Float], labels: [Bool]) -> ProbabilityCalibration? {
        switch method {
        case .none: nil
        case .platt:
            ProbabilityCalibration(method: method, curve: LogOddsCurve.platt(scores, labels), rows: scores.count)
        case .beta:
            ProbabilityCalibration(method: method, curve: LogOddsCurve.beta(scores, labels), rows: scores.count)
        case .isotonic:
            ProbabilityCalibration(method: method, knots: IsotonicLine.knots(scores, labels), rows: scores.count)
        case .blend:
            ProbabilityCalibration(
                method: method, curve: LogOddsCurve.platt(scores, labels), knots: IsotonicLine.knots(scores, labels),
                rows: scores.count)
        }
    }

    /// The probabilities that customers get from a calibration that was learned without their own fold.
    ///
    /// So measured, a calibration cannot shine by what it has learned by heart.
    static func crossFitted(
        _ method: CalibrationMethod, scores: [Float], labels: [Bool], folds: [Int]
    ) -> [Float] {
        guard method != .none else { return scores }
        var result = scores
        for fold in Set(folds) {
            let others = folds.indices.filter { folds[$0] != fold }
            let calibration = Self.fitted(
                method, scores: others.map { scores[$0] }, labels: others.map { labels[$0] })
            guard let calibration else { continue }
            for place in folds.indices where folds[place] == fold {
                result[place] = calibration.probability(of: scores[place])
            }
        }
        return result
    }
}
