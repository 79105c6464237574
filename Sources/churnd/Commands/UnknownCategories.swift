import ChurnCore

/// Counts customers with categories that a model does not know, by feature.
struct UnknownCategories {
    private let names: [String]
    private var counts: [Int]

    init(_ schema: FeatureSchema) {
        self.names = schema.features.map(\.name)
        self.counts = Array(repeating: 0, count: schema.count)
    }

    mutating func add(_ counts: [Int]) { for (index, count) in counts.enumerated() { self.counts[index] += count } }

    /// Says on standard error what was counted.
    func report() {
        for (name, count) in zip(self.names, self.counts) where count > 0 {
            ErrorReport.remark(
                "\(count) \(count == 1 ? "customer has" : "customers have") a category of '\(name)' that the model does not "
                    + "know; it counts as none of those that it knows")
        }
    }
}
