import ChurnCore

/// The profile of each feature in training data: the categories that the domain does not list, and the range of
/// numbers.
struct FeatureProfile {
    private static let maximumCategories = 1_000

    private let schema: FeatureSchema
    private var categories: [Int: Set<String>]
    /// The categories that the domain lists, for the features where it does.
    private let listed: [Int: Set<String>]
    /// The numbers of customers that lack each feature.
    private(set) var missing: [Int]
    /// The numbers of customers that have a category that the domain does not list.
    private(set) var unlisted: [Int]
    private(set) var ranges: [Int: ClosedRange<Double>] = [:]

    init(schema: FeatureSchema) {
        self.schema = schema
        self.categories = Dictionary(
            uniqueKeysWithValues: schema.features.indices
                .filter { schema.features[$0].type == .categorical && schema.features[$0].categories.isEmpty }
                .map { ($0, []) })
        self.listed = Dictionary(
            uniqueKeysWithValues: schema.features.enumerated()
                .filter { $1.type == .categorical && !$1.categories.isEmpty }
                .map { ($0, Set($1.categories)) })
        self.missing = Array(repeating: 0, count: schema.count)
        self.unlisted = self.missing
    }

    /// Whether categories must be learned before anything can be encoded.
    var mustLearn: Bool { !self.categories.isEmpty }

    mutating func take(_ features: [FeatureValue]) throws {
        for (index, value) in features.enumerated() {
            switch value {
            case .number(let number) where number.isFinite:
                let range = self.ranges[index] ?? number...number
                self.ranges[index] = min(range.lowerBound, number)...max(range.upperBound, number)
            case .missing:
                self.missing[index] += 1
            case .text(let text):
                if self.listed[index]?.contains(text) == false { self.unlisted[index] += 1 }
                guard self.categories[index]?.insert(text).inserted == true,
                    (self.categories[index]?.count ?? 0) > Self.maximumCategories
                else { continue }
                throw ChurnError(
                    .invalidFile, .fatal, during: "learn categories",
                    advice: """
                        feature '\(self.schema.features[index].name)' has more than \(Self.maximumCategories) \
                        categories; is it an id? Leave it out, or list its categories in the domain file
                        """)
            default: continue
            }
        }
    }

    /// The learned categories, sorted by their UTF-8 so that the order of rows does not matter.
    var learned: [Int: [String]] {
        self.categories.mapValues { $0.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
    }
}
