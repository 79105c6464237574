/// A combination of parameters that a search has tried.
public struct SearchTrial: Codable, Hashable, Sendable {
    /// What was tried, by name.
    public var parameters: [String: String]
    /// How many trees were best.
    public var rounds: Int
    /// The loss on customers that had not been seen.
    public var loss: Double
}
