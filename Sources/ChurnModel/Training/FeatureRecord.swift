/// What training data hold in one feature.
public struct FeatureRecord: Codable, Hashable, Sendable {
    /// The feature's name.
    public var name: String
    /// Its type, by the name in domain files.
    public var type: String
    /// How many customers have no value.
    public var missing: Int
    /// How many customers have a category that the domain does not list.
    public var unlisted: Int
    /// How many categories the encoder has; 0 for other types.
    public var categories: Int
    /// The lowest number; nil where there is none.
    public var minimum: Double?
    /// The highest number; nil where there is none.
    public var maximum: Double?
}
