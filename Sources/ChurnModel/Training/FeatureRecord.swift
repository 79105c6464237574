/// The content of training data in one feature.
public struct FeatureRecord: Codable, Hashable, Sendable {
    /// The feature's name.
    public var name: String
    /// Its type, by the name in domain files.
    public var type: String
    /// The number of customers without a value.
    public var missing: Int
    /// The number of customers with a category that the domain does not list.
    public var unlisted: Int
    /// The number of the encoder's categories; 0 for other types.
    public var categories: Int
    /// The lowest number; nil where there is none.
    public var minimum: Double?
    /// The highest number; nil where there is none.
    public var maximum: Double?
}
