import ChurnCore
import ChurnInsight
import HTTPTypes
import Hummingbird

/// `GET /api/watchlist`: customers by risk, page by page.
struct WatchlistRoute: EndpointGroup {
    static let maximumLimit = 500
    /// No customer base is larger; a page beyond its end is empty.
    private static let maximumOffset = 1_000_000_000

    let dependencies: APIDependencies

    enum Direction: String, CaseIterable {
        case asc, desc
    }

    private static let page = Parameter.count("page", "The page; the first is 1.", default: 1)
    private static let after = Parameter.text(
        "after", "In place of page: the next_after of the page before, which had the same sort and order.",
        longest: 2_048, pattern: "^[A-Za-z0-9_-]*$")
    private static let limit = Parameter.limit(
        "Customers a page; more than 500 count as 500.", default: 10, cap: maximumLimit)
    private static let sort = Parameter<WatchlistQuery.Order?>.choice(
        "sort", "By latest score, id, value feature or time of the last event.", default: .risk)
    static let order = Parameter<Direction?>.choice("order", "Ascending by default for id, else descending.")

    var endpoints: [Endpoint] {
        let filters = WatchlistFilter.parameters(segmentColumn: self.dependencies.segmentColumn)
        let answer = Self.answer(self.dependencies.domain)
        return [
            Endpoint(
                .get, "/api/watchlist", .reading, id: "watchlist", .customers, "Customers by risk, page by page",
                notes: "Parameters of other names are ignored. A page beyond the end is empty.",
                parameters: [
                    Self.page.description, Self.after.description, Self.limit.description, Self.sort.description,
                    Self.order.description,
                ] + filters,
                answers: [.ok("The page.", answer.schema), .unavailable]
            ) { request, _ in
                let query = try self.query(request.parameters())
                let page = try await self.dependencies.ask { try await $0.customers.watchlist(query) }
                return answer.response(Answered(page: page, query: query))
            }
        ]
    }

    /// A page beside the query that it answers.
    private struct Answered {
        var page: WatchlistPage
        var query: WatchlistQuery
    }

    private static func answer(_ domain: Domain) -> Shape<Answered> {
        Shape([
            Field("users", self.customer(domain), list: { $0.page.customers }),
            Field("total_pages", schema: .integer(from: 0)) { ($0.page.total + $0.query.limit - 1) / $0.query.limit },
            Field("total_users", schema: .integer(from: 0)) { $0.page.total },
            Field("next_after", "Where the next page begins, whoever comes or goes in front; null at the end.") {
                $0.page.next?.text(for: $0.query)
            },
        ])
    }

    /// A customer of the list, and of its export.
    static func customer(_ domain: Domain) -> Shape<CustomerState> {
        Shape(
            "WatchlistCustomer",
            Shape.columns(domain).fields + [
                Field("risk_score", schema: .probability.orNull()) { $0.latest?.probability },
                Field("churn_risk") { $0.latest?.band },
                .lastActivity,
                Field("at_risk") { $0.alert.isAtRisk },
            ])
    }

    private func query(_ parameters: QueryParameters) throws -> WatchlistQuery {
        let filter = try WatchlistFilter(parameters, segmentColumn: self.dependencies.segmentColumn)
        let limit = try parameters.value(of: Self.limit)
        let page = min(try parameters.value(of: Self.page), Self.maximumOffset / limit)
        let order = try parameters.value(of: Self.sort) ?? .risk
        let direction = try parameters.value(of: Self.order) ?? (order == .id ? .asc : .desc)
        var query = WatchlistQuery(
            bands: filter.bands, segments: filter.segments, search: filter.search, order: order,
            isDescending: direction == .desc, offset: (page - 1) * limit, limit: limit)
        guard let after = try parameters.value(of: Self.after) else { return query }
        guard try parameters.text("page") == nil else {
            throw Problem.parameter("page", "It cannot stand beside after.")
        }
        guard let cursor = WatchlistCursor(text: after, for: query) else {
            throw Problem.parameter("after", "It is the next_after of a page with the same sort and order.")
        }
        query.after = cursor
        return query
    }
}
