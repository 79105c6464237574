/// A customer's place in an order of the watchlist, so that the next page can begin behind it.
public struct WatchlistCursor: Hashable, Sendable {
    /// The customer's rank; nil where it has none, and in the order of ids.
    public var rank: Int64?
    /// The customer.
    public var id: String

    /// Creates a cursor.
    public init(rank: Int64?, id: String) {
        self.rank = rank
        self.id = id
    }

    /// A whole number that stands to others as `number` stands to theirs.
    static func rank(of number: Double) -> Int64 {
        // Both zeros are one number.
        let bits = Int64(bitPattern: (number + 0).bitPattern)
        return bits < 0 ? bits ^ Int64.max : bits
    }
}
