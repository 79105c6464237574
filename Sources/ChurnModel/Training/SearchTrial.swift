/// A combination of parameters that a search has tried.
public struct SearchTrial: Codable, Hashable, Sendable {
    /// The parameters that were tried, by name.
    public var parameters: [String: String]
    /// The best number of trees.
    public var rounds: Int
    /// The loss on customers that had not been seen.
    public var loss: Double
}
