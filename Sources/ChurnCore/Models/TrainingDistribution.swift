/// The distribution of one feature, or of the scores, over a few bins.
public struct Histogram: Codable, Hashable, Sendable {
    /// The feature's name, or `score`.
    public var name: String
    /// The type: `numeric`, `categorical` or `boolean`.
    public var type: String
    /// The limits between bins of numbers, rising; empty for other types.
    public var bounds: [Double]
    /// The categories in their order; empty for other types.
    public var categories: [String]
    /// The number of customers in each bin; the last bin is that of missing values, and the one before it, for a
    /// categorical feature, that of categories without a bin.
    public var counts: [Int64]

    /// The number of bins.
    package var binCount: Int {
        switch FeatureType(rawValue: self.type) {
        case .numeric: self.bounds.count + 2
        case .categorical: self.categories.count + 2
        case .boolean: 3
        case nil: 0
        }
    }

    /// Whether the parts fit together.
    var isSound: Bool {
        self.binCount > 0 && self.counts.count == self.binCount && self.counts.allSatisfy { $0 >= 0 }
            && self.bounds.allSatisfy(\.isFinite) && zip(self.bounds, self.bounds.dropFirst()).allSatisfy { $0 < $1 }
    }

    /// Counts numbers in bins of equal size, as far as equal numbers allow; NaN is a missing one.
    public static func numbers(_ name: String, _ values: [Double], bins: Int = 10) -> Histogram {
        let sorted = values.filter { !$0.isNaN }.sorted()
        var bounds: [Double] = []
        for bin in 1..<max(bins, 2) where !sorted.isEmpty {
            let bound = sorted[min(sorted.count * bin / bins, sorted.count - 1)]
            // A bound at the lowest number would leave the bin below it empty.
            if bound > bounds.last ?? sorted[0] { bounds.append(bound) }
        }
        var histogram = Histogram(name: name, type: FeatureType.numeric.rawValue, bounds: bounds, categories: [])
        for value in values { histogram.counts[histogram.bin(of: value)] += 1 }
        return histogram
    }

    /// Creates an empty histogram.
    public init(name: String, type: String, bounds: [Double], categories: [String]) {
        self.name = name
        self.type = type
        self.bounds = bounds
        self.categories = categories
        self.counts = []
        self.counts = Array(repeating: 0, count: self.binCount)
    }

    /// The bin of a number; NaN is a missing one.
    public func bin(of number: Double) -> Int {
        if number.isNaN { return self.bounds.count + 1 }
        var (low, high) = (0, self.bounds.count)
        while low < high {
            let middle = (low + high) / 2
            if self.bounds[middle] <= number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// The distribution of the customers that a model learned from, to which live customers are compared.
///
/// A file of the bundle; it holds counts only, nothing of any one customer.
public struct TrainingDistribution: Codable, Hashable, Sendable {
    /// The number of customers.
    public var rows: Int
    /// A histogram for each feature, in the schema's order.
    public var features: [Histogram]
    /// The histogram of the model's scores.
    public var scores: Histogram
    /// The part of the space of features that the customers covered; nil in bundles that were made before it was kept.
    public var support: Support?

    /// Creates a distribution.
    public init(rows: Int, features: [Histogram], scores: Histogram) {
        self.rows = rows
        self.features = features
        self.scores = scores
    }

    /// Returns whether it can be used for a schema.
    public func fits(_ schema: FeatureSchema) -> Bool {
        self.scores.isSound && self.features.count == schema.count
            && zip(self.features, schema.features).allSatisfy {
                $0.isSound && $0.name == $1.name && $0.type == $1.type.rawValue
            } && self.support?.fits(schema.count) ?? true
    }
}
