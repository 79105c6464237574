import ChurnCore
import ChurnInsight

/// The customers that a watchlist, or an export of it, shows.
struct WatchlistFilter: Sendable {
    /// The most values of the segment parameter.
    static let maximumSegments = 20

    var bands: Set<RiskBand>
    var segments: Set<String>
    var search: String
    private let searchKey: [UInt8]

    /// - Parameter segmentColumn: the name of the parameter that filters by segment.
    init(_ parameters: QueryParameters, segmentColumn: String) throws {
        self.bands = Set(try parameters.choices("risk", of: RiskBand.self, limit: 20))
        self.segments = Set(try parameters.texts(segmentColumn, limit: Self.maximumSegments))
        self.search = try parameters.text("search") ?? ""
        self.searchKey = WatchlistQuery.searchKey(of: self.search)
    }

    static func names(segmentColumn: String) -> [String] { ["search", "risk", segmentColumn] }

    /// Returns whether a customer is one of them.
    func admits(_ state: CustomerState, in domain: Domain) -> Bool {
        if !self.bands.isEmpty {
            guard let band = state.latest?.band, self.bands.contains(band) else { return false }
        }
        if !self.segments.isEmpty {
            guard let segment = state.features[domain.segmentFeature].segmentName, self.segments.contains(segment)
            else { return false }
        }
        return WatchlistQuery.searchKey(of: state.id).starts(with: self.searchKey)
    }
}
