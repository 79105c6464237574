/// What a model had to do without in some customers, by feature.
struct FeatureGaps: Hashable, Sendable {
    /// How many had no value.
    var missing: [Int]
    /// How many had a category that the model does not know.
    var unknown: [Int]

    init(features: Int) {
        self.missing = Array(repeating: 0, count: features)
        self.unknown = self.missing
    }
}
