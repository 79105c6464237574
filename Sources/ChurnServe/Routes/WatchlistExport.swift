import ChurnCore
import ChurnInsight
import HTTPTypes
import Hummingbird

/// `GET /api/watchlist/export`: every customer of a watchlist, in the order of their ids or in one that is asked for.
///
/// By id it reads each customer once, a page of ids at a time: what happens meanwhile moves no one out of the export or
/// into it twice. In another order a customer whose own place changes meanwhile may be in it twice, or not.
struct WatchlistExport: EndpointGroup {
    private static let pageSize = 500

    private static let sort = Parameter<WatchlistQuery.Order?>.choice(
        "sort", "By latest score, id, value feature or time of the latest score.", default: .id)

    let dependencies: APIDependencies

    var endpoints: [Endpoint] {
        let segment = self.dependencies.segmentColumn
        return [
            Endpoint(
                .get, "/api/watchlist/export", .reading, id: "exportWatchlist", .customers,
                "Every customer of a watchlist as a file",
                notes: """
                    Streamed. In the order of ids everyone is in the file once; in another order a customer whose place \
                    changes meanwhile may be in it twice, or not.
                    """,
                parameters: [
                    ExportFormat.parameter.description, Self.sort.description, WatchlistRoute.order.description,
                ] + WatchlistFilter.parameters(segmentColumn: segment),
                refusesOtherParameters: true, answers: [.file, .unavailable]
            ) { request, _ in
                let parameters = try request.parameters()
                let filter = try WatchlistFilter(parameters, segmentColumn: segment)
                let format = try parameters.value(of: ExportFormat.parameter) ?? .csv
                let order = try parameters.value(of: Self.sort) ?? .id
                let direction = try parameters.value(of: WatchlistRoute.order) ?? (order == .id ? .asc : .desc)
                guard order != .id || direction != .asc else {
                    return try await self.export(filter, as: format).response()
                }
                let query = WatchlistQuery(
                    bands: filter.bands, segments: filter.segments, search: filter.search, order: order,
                    isDescending: direction == .desc, limit: Self.pageSize)
                return try await self.export(query, as: format).response()
            }
        ]
    }

    private func export(_ filter: WatchlistFilter, as format: ExportFormat) -> Export<String> {
        let dependencies = self.dependencies
        let row = WatchlistRoute.customer(dependencies.domain)
        return self.export(row, as: format) { after in
            let ids = try await dependencies.directory.customerIDs(after: after, limit: Self.pageSize)
            let states = try await dependencies.queries.states.states(inOrderOf: ids).compactMap(\.self)
            let now = dependencies.queries.now()
            let rows = states.filter { filter.admits($0, in: dependencies.domain, at: now) }.map(row.row)
            return Export.Page(rows: rows, next: ids.count < Self.pageSize ? nil : ids.last)
        }
    }

    private func export(_ query: WatchlistQuery, as format: ExportFormat) -> Export<WatchlistCursor> {
        let queries = self.dependencies.queries.customers
        let row = WatchlistRoute.customer(self.dependencies.domain)
        return self.export(row, as: format) { after in
            var query = query
            query.after = after
            let page = try await queries.watchlist(query)
            return Export.Page(rows: page.customers.map(row.row), next: page.next)
        }
    }

    private func export<Place>(
        _ row: Shape<CustomerState>, as format: ExportFormat,
        _ read: @escaping @Sendable (Place?) async throws -> Export<Place>.Page
    ) -> Export<Place> {
        Export(
            name: "watchlist", format: format, columns: row.columns,
            deadline: self.dependencies.limits.requestDeadline, places: self.dependencies.exportPlaces, read: read)
    }
}
