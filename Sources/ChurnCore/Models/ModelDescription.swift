/// A model's description of itself, for `/api/models`, the registry and people.
public struct ModelDescription: Hashable, Sendable {
    /// The version that is stored with every prediction.
    public var version: String
    /// The name of the domain that it was trained for.
    public var domain: String
    /// The library that made it, with its version.
    public var library: String
    /// The number of customers that it learned from.
    public var trainingRows: Int
    /// The number of those that had left.
    public var trainingPositives: Int
    /// The number of trees.
    public var trees: Int
    /// Its measures on customers that it had not seen, by name.
    public var metrics: [String: Double]

    /// Creates a description.
    public init(
        version: String, domain: String, library: String, trainingRows: Int, trainingPositives: Int, trees: Int,
        metrics: [String: Double]
    ) {
        self.version = version
        self.domain = domain
        self.library = library
        self.trainingRows = trainingRows
        self.trainingPositives = trainingPositives
        self.trees = trees
        self.metrics = metrics
    }
}
