public import ChurnCore

/// The content of a watchlist and its order.
public struct WatchlistQuery: Hashable, Sendable {
    /// The order; equal ones stand in ascending order of their ids (UTF-8 bytes).
    public enum Order: String, CaseIterable, Hashable, Sendable {
        /// By latest score; customers without one stand last, whatever the direction.
        case risk
        /// By customer id.
        case id
        /// By the value feature; customers without a value stand last, whatever the direction.
        case value
        /// By the time of the last event; customers without one stand last, whatever the direction.
        case activity
    }

    /// Only customers in one of these bands; empty for all.
    public var bands: Set<RiskBand>
    /// Only customers whose segment feature has one of these texts; empty for all.
    public var segments: Set<String>
    /// Only customers whose id contains this text, whatever its case; empty for all.
    ///
    /// Lower-case texts are compared by their UTF-8 bytes; no character has a special meaning.
    public var search: String
    /// The order.
    public var order: Order
    /// Whether the largest stands first.
    public var isDescending: Bool
    /// The start: behind the customer that a page ended with; nil for the beginning.
    ///
    /// Pages that follow each other's cursors stay where they are when customers in front of them come or go. A customer
    /// whose own place changes meanwhile may be on two of them or on none.
    public var after: WatchlistCursor?
    /// The number of customers to pass over, from there on.
    public var offset: Int
    /// The most customers to return, at least 1.
    public var limit: Int

    /// Creates a query; the default is the contract's, the highest score first.
    public init(
        bands: Set<RiskBand> = [], segments: Set<String> = [], search: String = "", order: Order = .risk,
        isDescending: Bool = true, after: WatchlistCursor? = nil, offset: Int = 0, limit: Int = 10
    ) {
        self.bands = bands
        self.segments = segments
        self.search = search
        self.order = order
        self.isDescending = isDescending
        self.after = after
        self.offset = offset
        self.limit = limit
    }
}

/// Some customers of a watchlist.
public struct WatchlistPage: Hashable, Sendable {
    /// The customers, in the order that was asked for.
    public var customers: [CustomerState]
    /// The number of all customers of the list.
    public var total: Int
    /// The start of the next page; nil where nothing follows.
    public var next: WatchlistCursor?

    /// Creates a page.
    public init(customers: [CustomerState], total: Int, next: WatchlistCursor? = nil) {
        self.customers = customers
        self.total = total
        self.next = next
    }
}
