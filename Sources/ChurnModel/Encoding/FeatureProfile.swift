import ChurnCore
import ChurnFiles

/// The profile of each feature in training data: the categories that the domain does not list, and the range of
/// numbers.
struct FeatureProfile {
    /// Of more categories the most frequent are learned; all others count as one other.
    static let maximumCategories = 1_000

    private let schema: FeatureSchema
    private var categories: [Int: [String: Int]]
    /// The categories that the domain lists, for the features where it does.
    private let listed: [Int: CategoryFold]
    /// The numbers of customers that lack each feature.
    private(set) var missing: [Int]
    private var strangers: [Int]
    private(set) var ranges: [Int: ClosedRange<Double>] = [:]

    init(schema: FeatureSchema) {
        self.schema = schema
        self.categories = Dictionary(
            uniqueKeysWithValues: schema.features.indices
                .filter { schema.features[$0].type == .categorical && schema.features[$0].categories.isEmpty }
                .map { ($0, [:]) })
        self.listed = Dictionary(
            uniqueKeysWithValues: schema.features.enumerated()
                .filter { $1.type == .categorical && !$1.categories.isEmpty }
                .map { ($0, CategoryFold($1.categories)) })
        self.missing = Array(repeating: 0, count: schema.count)
        self.strangers = self.missing
    }

    /// Whether categories must be learned before anything can be encoded.
    var mustLearn: Bool { !self.categories.isEmpty }

    mutating func take(_ features: [FeatureValue]) {
        for (index, value) in features.enumerated() {
            switch value {
            case .number(let number) where number.isFinite:
                let range = self.ranges[index] ?? number...number
                self.ranges[index] = min(range.lowerBound, number)...max(range.upperBound, number)
            case .missing:
                self.missing[index] += 1
            case .text(let text):
                if let listed = self.listed[index], listed.known(text) == nil { self.strangers[index] += 1 }
                self.categories[index]?[text, default: 0] += 1
            default: continue
            }
        }
    }

    /// The learned categories, sorted by their UTF-8 so that the order of rows does not matter; the most frequent ones
    /// where there are too many.
    var learned: [Int: [String]] {
        self.categories.mapValues { counts in
            let kept = counts.count <= Self.maximumCategories ? Array(counts.keys) : Self.frequent(counts)
            return kept.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        }
    }

    private static func frequent(_ counts: [String: Int]) -> [String] {
        let sorted = counts.sorted { a, b in
            a.value == b.value ? a.key.utf8.lexicographicallyPrecedes(b.key.utf8) : a.value > b.value
        }
        return sorted.prefix(self.maximumCategories).map(\.key)
    }

    /// The numbers of customers that have a category that the domain does not list, or that is too rare to be learned.
    var unlisted: [Int] {
        let learned = self.learned
        return self.schema.features.indices.map { index in
            guard let counts = self.categories[index], let kept = learned[index] else { return self.strangers[index] }
            return counts.values.reduce(0, +) - kept.reduce(0) { $0 + (counts[$1] ?? 0) }
        }
    }

    /// A sentence for each feature that has more categories than are learned.
    var remarks: [String] {
        let unlisted = self.unlisted
        return self.categories.keys.sorted().compactMap { index in
            let count = self.categories[index]?.count ?? 0
            guard count > Self.maximumCategories else { return nil }
            return """
                feature '\(self.schema.features[index].name)' has \(count) categories: the \(Self.maximumCategories) most \
                frequent are learned, and the others, of \(unlisted[index]) customers, count as one other; is it an id?
                """
        }
    }
}
