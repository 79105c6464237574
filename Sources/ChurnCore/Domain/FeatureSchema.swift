/// The kind of value that a feature holds.
public enum FeatureType: String, Hashable, Sendable, CaseIterable {
    /// A finite number; `double precision` in PostgreSQL.
    case numeric
    /// A name out of a few; `text` in PostgreSQL.
    case categorical
    /// A yes or no; `boolean` in PostgreSQL.
    case boolean
}

/// The conversion of a categorical feature to numbers for the model.
public enum FeatureEncoding: String, Hashable, Sendable, CaseIterable {
    /// One column a category, 1 for the one it has.
    case oneHot = "one-hot"
    /// One column, the category's index in the order of the domain file.
    case ordinal
    /// The number itself; a boolean is 0 or 1. The only encoding of numeric and boolean features.
    case numeric
}

/// One feature of a customer.
public struct Feature: Hashable, Sendable {
    /// The name in the domain file, CSV files and events' `changes`, such as `MonthlyCharges`.
    public var name: String
    /// The column in the `users` table and the name in the API, such as `monthlycharges`.
    public var column: String
    /// The kind of its values.
    public var type: FeatureType
    /// The conversion to numbers.
    public var encoding: FeatureEncoding
    /// The categories that the domain file lists, in its order; empty for other types, and for a categorical feature
    /// whose categories are learned in training.
    public var categories: [String]
    /// The label that a person reads, such as `Monthly charges`; the name where the domain file gives no other.
    public var label: String
    /// The lowest number that is possible; nil where none is stated.
    public var minimum: Double?
    /// The highest number that is possible; nil where none is stated.
    public var maximum: Double?
    /// Whether no action can change it, such as a year of birth.
    public var isImmutable = false

    /// Creates a feature.
    public init(
        name: String, column: String, type: FeatureType, encoding: FeatureEncoding, categories: [String] = [],
        label: String? = nil
    ) {
        self.name = name
        self.column = column
        self.type = type
        self.encoding = encoding
        self.categories = categories
        self.label = label ?? name
    }

    /// Returns whether a value is possible: a number within the stated limits; every value of another type.
    public func allows(_ value: FeatureValue) -> Bool {
        guard case .number(let number) = value else { return true }
        return number >= self.minimum ?? -.infinity && number <= self.maximum ?? .infinity
    }

    /// The reason why no what-if may give it a value; nil where one may.
    package func refusal(of value: FeatureValue) -> String? {
        if self.isImmutable { return "\(self.label) is immutable in the domain file: no action changes it." }
        guard !self.allows(value) else { return nil }
        let limits =
            switch (self.minimum.map(PlainNumber.text), self.maximum.map(PlainNumber.text)) {
            case (let low?, let high?): "from \(low) to \(high)"
            case (let low?, nil): "of at least \(low)"
            case (nil, let high?): "of at most \(high)"
            case (nil, nil): "in the domain's limits"
            }
        return "\(self.label) is a number \(limits), or null where it is not known."
    }
}

/// The features of a customer base, in their order.
public struct FeatureSchema: Hashable, Sendable {
    /// The features, in order.
    public let features: [Feature]
    private let indexByName: [String: Int]
    private let indexByColumn: [String: Int]

    /// Creates a schema; names are unique without regard to case (the domain file's check).
    public init(features: [Feature]) {
        self.features = features
        self.indexByName = Dictionary(
            features.enumerated().map { ($1.name.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
        self.indexByColumn = Dictionary(
            features.enumerated().map { ($1.column, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The number of features.
    public var count: Int { self.features.count }

    /// The index of the feature of this name, without regard to case, or else of this column.
    public func index(of name: String) -> Int? {
        let key = name.lowercased()
        return self.indexByName[key] ?? self.indexByColumn[key]
    }
}
