import ChurnCore
import ChurnInsight

/// The customers that a watchlist, or an export of it, shows.
struct WatchlistFilter: Sendable {
    private static let search = Parameter.text(
        "search", "Only customers whose id contains this text, whatever its case.")
    private static let risk = Parameter<Set<RiskBand>>.choices("risk", "Only customers in these bands.", limit: 20)

    private static func segment(_ column: String) -> Parameter<Set<String>> {
        .texts(column, "Only customers of these segments.", limit: 20)
    }

    /// - Parameter segmentColumn: the name of the parameter that filters by segment.
    static func parameters(segmentColumn: String) -> [ParameterDescription] {
        [self.search.description, self.risk.description, self.segment(segmentColumn).description]
    }

    var bands: Set<RiskBand>
    var segments: Set<String>
    var search: String
    private let searchKey: [UInt8]

    /// - Parameter segmentColumn: the name of the parameter that filters by segment.
    init(_ parameters: QueryParameters, segmentColumn: String) throws {
        self.bands = try parameters.value(of: Self.risk)
        self.segments = try parameters.value(of: Self.segment(segmentColumn))
        self.search = try parameters.value(of: Self.search) ?? ""
        self.searchKey = WatchlistQuery.searchKey(of: self.search)
    }

    /// Whether a customer is one of them; none is that has left.
    func admits(_ state: CustomerState, in domain: Domain, at now: Timestamp) -> Bool {
        if state.hasLeft(at: now) { return false }
        if !self.bands.isEmpty {
            guard let band = state.latest?.band, self.bands.contains(band) else { return false }
        }
        if !self.segments.isEmpty {
            guard let segment = state.features[domain.segmentFeature].segmentName, self.segments.contains(segment)
            else { return false }
        }
        return WatchlistQuery.finds(self.searchKey, in: state.id)
    }
}
