import ChurnCore
import Crypto

/// The encoding of a customer's features as the model's columns, which must not change between training and scoring.
public struct EncoderSpec: Codable, Hashable, Sendable {
    /// The encoding of one feature.
    public struct EncodedFeature: Codable, Hashable, Sendable {
        /// The feature's name in the domain.
        public var name: String
        /// The feature's type, by the name in domain files.
        public var type: String
        /// The encoding, by the name in domain files.
        public var encoding: String
        /// The categories in their order; empty for other types.
        public var categories: [String]

        /// The number of columns of the feature.
        var columnCount: Int { self.encoding == FeatureEncoding.oneHot.rawValue ? self.categories.count : 1 }
    }

    /// The features, in the schema's order.
    public var features: [EncodedFeature]
    /// The digest of the domain's schema that this was made for.
    public var schemaDigest: String

    /// Makes the encoding of a schema.
    ///
    /// - Parameter learned: for each categorical feature that the domain lists no categories for, those found in the
    ///   training data, by the feature's index.
    init(schema: FeatureSchema, learned: [Int: [String]] = [:]) {
        self.schemaDigest = Self.digest(of: schema)
        self.features = schema.features.enumerated().map { index, feature in
            EncodedFeature(
                name: feature.name, type: feature.type.rawValue, encoding: feature.encoding.rawValue,
                categories: feature.categories.isEmpty ? learned[index] ?? [] : feature.categories)
        }
    }

    /// The columns' names, in order: the feature's name, for one-hot encodings `feature=category`.
    public var columns: [String] {
        self.features.flatMap { feature in
            feature.encoding == FeatureEncoding.oneHot.rawValue
                ? feature.categories.map { "\(feature.name)=\($0)" } : [feature.name]
        }
    }

    /// SHA-256 of features, types, encodings and categories in their order, in hexadecimal.
    public var digest: String {
        SHA256.hex(of: ["encoder", self.schemaDigest] + self.features.flatMap(Self.texts))
    }

    /// SHA-256 of what a domain says about its features, in hexadecimal.
    static func digest(of schema: FeatureSchema) -> String {
        SHA256.hex(
            of: ["schema"]
                + schema.features.flatMap { feature in
                    Self.texts(
                        EncodedFeature(
                            name: feature.name, type: feature.type.rawValue, encoding: feature.encoding.rawValue,
                            categories: feature.categories))
                })
    }

    /// The name of the first feature that a schema describes in another way; nil where there is none.
    func firstDifference(from schema: FeatureSchema) -> String? {
        for (own, other) in zip(self.features, schema.features)
        where own.name != other.name || own.type != other.type.rawValue || own.encoding != other.encoding.rawValue
            || (!other.categories.isEmpty && own.categories != other.categories)
        {
            return other.name
        }
        if self.features.count > schema.count { return self.features[schema.count].name }
        return self.features.count < schema.count ? schema.features[self.features.count].name : nil
    }

    private static func texts(_ feature: EncodedFeature) -> [String] {
        [feature.name, feature.type, feature.encoding, "\(feature.categories.count)"] + feature.categories
    }
}
