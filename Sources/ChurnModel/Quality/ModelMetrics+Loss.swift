import Foundation

extension ModelMetrics {
    /// The mean logarithmic loss; 0 of no one.
    ///
    /// A wrong certainty counts as a probability of 1e-15, so that one customer cannot make the mean infinite.
    public static func logLoss(_ probabilities: [Double], _ labels: [Bool]) -> Double {
        let sum = zip(probabilities, labels).reduce(0.0) { sum, pair in
            sum - log(max(pair.1 ? pair.0 : 1 - pair.0, 1e-15))
        }
        return sum / Double(max(labels.count, 1))
    }

    /// The mean squared difference between probability and outcome; 0 of no one.
    public static func brierScore(_ probabilities: [Double], _ labels: [Bool]) -> Double {
        let sum = zip(probabilities, labels).reduce(0.0) { sum, pair in
            let difference = pair.0 - (pair.1 ? 1 : 0)
            return sum + difference * difference
        }
        return sum / Double(max(labels.count, 1))
    }
}
