import ChurnCore
import ChurnInsight
import Hummingbird

/// `GET /api/watchlist`: customers by risk, page by page.
///
/// Parameters of other names are ignored, as the contract's dashboards expect.
struct WatchlistRoute {
    /// The contract's page.
    static let defaultLimit = 10
    static let maximumLimit = 500
    /// No customer base is larger; a page beyond its end is empty.
    private static let maximumOffset = 1_000_000_000

    /// The longest cursor: of an id of some hundred bytes.
    private static let longestCursor = 2_048

    let dependencies: APIDependencies

    private enum Direction: String, CaseIterable {
        case asc, desc
    }

    func add(to router: Router<ServeContext>) {
        router.get("/api/watchlist") { request, _ in
            let query = try self.query(request.parameters())
            let page = try await self.dependencies.ask { try await $0.customers.watchlist(query) }
            return Response.json { self.write(page, of: query, to: &$0) }
        }
    }

    private func query(_ parameters: QueryParameters) throws -> WatchlistQuery {
        let filter = try WatchlistFilter(parameters, segmentColumn: self.dependencies.segmentColumn)
        let limit = try parameters.count("limit", cap: Self.maximumLimit, default: Self.defaultLimit)
        let page = try parameters.count("page", cap: Self.maximumOffset / limit, default: 1)
        let order = try parameters.choice("sort", of: WatchlistQuery.Order.self) ?? .risk
        let direction = try parameters.choice("order", of: Direction.self) ?? (order == .id ? .asc : .desc)
        var query = WatchlistQuery(
            bands: filter.bands, segments: filter.segments, search: filter.search, order: order,
            isDescending: direction == .desc, offset: (page - 1) * limit, limit: limit)
        guard let after = try parameters.text("after", longest: Self.longestCursor) else { return query }
        guard try parameters.text("page") == nil else {
            throw Problem.parameter("page", "It cannot stand beside after.")
        }
        guard let cursor = WatchlistCursor(text: after, for: query) else {
            throw Problem.parameter("after", "It is the next_after of a page with the same sort and order.")
        }
        query.after = cursor
        return query
    }

    private func write(_ page: WatchlistPage, of query: WatchlistQuery, to json: inout JSONWriter) {
        json.field("users", array: page.customers) { json, state in
            json.object { json in
                json.columns(of: state, in: self.dependencies.domain)
                json.field("risk_score", state.latest?.probability)
                json.field("churn_risk", state.latest?.band.rawValue)
                json.field("last_activity", state.latest?.time)
                json.field("at_risk", state.alert.isAtRisk)
            }
        }
        json.field("total_pages", (page.total + query.limit - 1) / query.limit)
        json.field("total_users", page.total)
        json.field("next_after", page.next?.text(for: query))
    }
}
