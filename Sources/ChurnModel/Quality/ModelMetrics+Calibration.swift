extension ModelMetrics {
    /// The default number of bins of the expected calibration error.
    public static let calibrationBins = 15

    /// The expected calibration error: the mean distance between probability and outcome over bins of equal size,
    /// weighted by their customers; 0 of no one.
    public static func calibrationError(
        _ probabilities: [Double], _ labels: [Bool], bins: Int = Self.calibrationBins
    ) -> Double {
        let sum = Self.equalMassBins(probabilities, labels, count: bins).reduce(0.0) { sum, bin in
            sum + Double(bin.count) * abs(bin.meanProbability - bin.observedRate)
        }
        return sum / Double(max(labels.count, 1))
    }

    /// Bins of equal size in the order of the probabilities, the first ones larger by one where it does not divide.
    ///
    /// Their bounds are the lowest and the highest probability in them. Fewer customers than bins make fewer bins.
    public static func equalMassBins(
        _ probabilities: [Double], _ labels: [Bool], count: Int = Self.calibrationBins
    ) -> [CalibrationBin] {
        let order = probabilities.indices.sorted {
            (probabilities[$0], $0) < (probabilities[$1], $1)
        }
        let bins = max(count, 1)
        var bounds = [0]
        for bin in 0..<bins {
            bounds.append(bounds[bin] + order.count / bins + (bin < order.count % bins ? 1 : 0))
        }
        return zip(bounds, bounds.dropFirst()).compactMap { start, end in
            guard start < end else { return nil }
            let part = order[start..<end]
            return CalibrationBin(
                lower: probabilities[order[start]], upper: probabilities[order[end - 1]], count: part.count,
                meanProbability: part.reduce(0) { $0 + probabilities[$1] } / Double(part.count),
                observedRate: Double(part.count { labels[$0] }) / Double(part.count))
        }
    }

    /// Stretches of equal width from 0 to 1; those without a customer are left out.
    public static func equalWidthBins(
        _ probabilities: [Double], _ labels: [Bool], count: Int = 10
    ) -> [CalibrationBin] {
        let width = max(count, 1)
        var sums = Array(repeating: (count: 0, probability: 0.0, positives: 0), count: width)
        for (probability, label) in zip(probabilities, labels) {
            let bin = min(max(Int(probability * Double(width)), 0), width - 1)
            sums[bin].count += 1
            sums[bin].probability += probability
            sums[bin].positives += label ? 1 : 0
        }
        return sums.enumerated().filter { $1.count > 0 }.map { bin, sum in
            CalibrationBin(
                lower: Double(bin) / Double(width), upper: Double(bin + 1) / Double(width), count: sum.count,
                meanProbability: sum.probability / Double(sum.count),
                observedRate: Double(sum.positives) / Double(sum.count))
        }
    }
}
