import ChurnCore
import ChurnInsight
import HTTPTypes
import Hummingbird

/// `GET /api/watchlist/export`: every customer of a watchlist, in the order of their ids.
///
/// Reads each customer once, a page of ids at a time: what happens meanwhile moves no one out of the export or into it
/// twice.
struct WatchlistExport: EndpointGroup {
    private static let pageSize = 500

    let dependencies: APIDependencies

    var endpoints: [Endpoint] {
        let segment = self.dependencies.segmentColumn
        return [
            Endpoint(
                .get, "/api/watchlist/export", .reading, id: "exportWatchlist", .customers,
                "Every customer of a watchlist as a file", notes: "In the order of ids, streamed.",
                parameters: [ExportFormat.parameter.description]
                    + WatchlistFilter.parameters(segmentColumn: segment),
                refusesOtherParameters: true, answers: [.file, .unavailable]
            ) { request, _ in
                let parameters = try request.parameters()
                let filter = try WatchlistFilter(parameters, segmentColumn: segment)
                let format = try parameters.value(of: ExportFormat.parameter) ?? .csv
                return try await self.export(filter, as: format).response()
            }
        ]
    }

    private func export(_ filter: WatchlistFilter, as format: ExportFormat) -> Export<String> {
        let dependencies = self.dependencies
        let row = WatchlistRoute.customer(dependencies.domain)
        return Export(
            name: "watchlist", format: format, columns: row.columns, deadline: dependencies.limits.requestDeadline,
            places: dependencies.exportPlaces
        ) { after in
            let ids = try await dependencies.directory.customerIDs(after: after, limit: Self.pageSize)
            let states = try await dependencies.queries.states.states(inOrderOf: ids).compactMap(\.self)
            let now = dependencies.queries.now()
            let rows = states.filter { filter.admits($0, in: dependencies.domain, at: now) }.map(row.row)
            return Export.Page(rows: rows, next: ids.count < Self.pageSize ? nil : ids.last)
        }
    }
}
