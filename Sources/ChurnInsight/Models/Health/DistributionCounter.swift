import ChurnCore

/// Sorts live customers into the bins of a training distribution.
struct DistributionCounter: Sendable {
    private let distribution: TrainingDistribution
    private let places: [[String: Int]]
    private(set) var features: [[Int64]]
    private(set) var scores: [Int64]
    private(set) var customers = CustomerSketch()

    init(_ distribution: TrainingDistribution) {
        self.distribution = distribution
        self.places = distribution.features.map { histogram in
            Dictionary(histogram.categories.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        }
        self.features = distribution.features.map { Array(repeating: 0, count: $0.binCount) }
        self.scores = Array(repeating: 0, count: distribution.scores.binCount)
    }

    /// Counts a customer's score, and the features that it was made from where they are given.
    mutating func add(_ features: [FeatureValue]?, score: Double, of customerID: String) {
        self.scores[self.distribution.scores.bin(of: score)] += 1
        guard let features, features.count == self.features.count else { return }
        self.customers.add(customerID)
        for index in features.indices { self.features[index][self.bin(of: features[index], index)] += 1 }
    }

    private func bin(of value: FeatureValue, _ index: Int) -> Int {
        let last = self.features[index].count - 1
        switch value {
        // In single precision, as the model reads it and as the bounds were found.
        case .number(let number): return min(self.distribution.features[index].bin(of: Double(Float(number))), last)
        case .text(let text): return self.places[index][text] ?? last - 1
        case .boolean(let claim): return min(claim ? 1 : 0, last)
        case .missing: return last
        }
    }

    /// The counts as they are stored, of the hour and of its day: a series for each feature, one for the scores and one
    /// for the customers.
    func counts(of version: String, in hour: Int32) -> [ModelCounts] {
        let series =
            zip(self.distribution.features, self.features).map { (CountSeries.feature($0.name), $1) }
            + [(.scores, self.scores), (.customers, self.customers.bins)]
        return series.flatMap { name, counts in
            let ofHour = ModelCounts(version: version, hour: hour, series: name, counts: counts)
            return [ModelCounts(version: version, day: ofHour.day, series: name, counts: counts), ofHour]
        }
    }
}
