import ChurnCore

/// Encoder, booster and calibration together: the one path from features to a score, for golden rows and for
/// everything else.
struct ModelScorer: Sendable {
    let encoder: FeatureEncoder
    let booster: Booster
    /// Nil where the booster's scores count as they are.
    var calibration: ProbabilityCalibration?
    /// Nil where no one counts.
    var gapCounters: GapCounters?

    /// Calibrated probabilities of customers, on the calling thread.
    func scores(of rows: ArraySlice<[FeatureValue]>) throws -> [Float] {
        self.calibrated(try self.boosterScores(of: rows))
    }

    /// Returns a booster's scores after the bundle's calibration, each for itself.
    func calibrated(_ scores: [Float]) -> [Float] {
        guard let calibration = self.calibration else { return scores }
        return scores.map { calibration.probability(of: $0) }
    }

    /// The booster's own scores, before calibration, on the calling thread.
    func boosterScores(of rows: ArraySlice<[FeatureValue]>) throws -> [Float] {
        var values: [Float] = []
        values.reserveCapacity(rows.count * self.encoder.columnCount)
        var gaps = FeatureGaps(features: self.encoder.spec.features.count)
        for row in rows { try self.encoder.encode(row, into: &values, counting: &gaps) }
        self.gapCounters?.add(gaps)
        let scores = try XGBoostLibrary.run(
            .predictionFailed, .fatal, during: "score customers", advice: "libxgboost refused the rows"
        ) { try self.booster.predict(values) }
        // NaN fails the comparison too.
        guard scores.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
            throw ChurnError(
                .predictionFailed, .reject, during: "score customers",
                advice: "the model gave a score that is not a probability")
        }
        return scores
    }
}
