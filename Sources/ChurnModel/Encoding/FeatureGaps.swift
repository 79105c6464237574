/// The values that a model lacked in some customers, by feature.
struct FeatureGaps: Hashable, Sendable {
    /// The numbers of customers without a value.
    var missing: [Int]
    /// The numbers of customers with a category that the model does not know.
    var unknown: [Int]

    init(features: Int) {
        self.missing = Array(repeating: 0, count: features)
        self.unknown = self.missing
    }
}
