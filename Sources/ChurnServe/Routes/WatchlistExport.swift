import ChurnCore
import ChurnInsight
import Hummingbird

/// `GET /api/watchlist/export`: every customer of a watchlist, in the order of their ids.
///
/// Reads each customer once, a page of ids at a time: what happens meanwhile moves no one out of the export or into it
/// twice.
struct WatchlistExport {
    private static let pageSize = 500

    let dependencies: APIDependencies

    func add(to router: Router<ServeContext>) {
        router.get("/api/watchlist/export") { request, _ in
            let parameters = try request.parameters()
            let segment = self.dependencies.segmentColumn
            try parameters.allowOnly(WatchlistFilter.names(segmentColumn: segment) + ["format"])
            let filter = try WatchlistFilter(parameters, segmentColumn: segment)
            let format = try parameters.choice("format", of: ExportFormat.self) ?? .csv
            return try await self.export(filter, as: format).response()
        }
    }

    private func export(_ filter: WatchlistFilter, as format: ExportFormat) -> Export<String> {
        let dependencies = self.dependencies
        let columns = [dependencies.domain.idColumn] + dependencies.domain.schema.features.map(\.column)
        return Export(
            name: "watchlist", format: format,
            columns: columns + ["risk_score", "churn_risk", "last_activity", "at_risk"],
            deadline: dependencies.limits.requestDeadline, places: dependencies.exportPlaces
        ) { after in
            let ids = try await dependencies.directory.customerIDs(after: after, limit: Self.pageSize)
            let states = try await dependencies.queries.states.states(inOrderOf: ids).compactMap(\.self)
            let rows = states.filter { filter.admits($0, in: dependencies.domain) }.map(Self.row)
            return Export.Page(rows: rows, next: ids.count < Self.pageSize ? nil : ids.last)
        }
    }

    private static func row(_ state: CustomerState) -> [ExportCell] {
        [.text(state.id)] + state.features.map { ExportCell($0) } + [
            ExportCell(state.latest?.probability), ExportCell(state.latest?.band.rawValue),
            ExportCell(state.latest?.time.iso8601), .flag(state.alert.isAtRisk),
        ]
    }
}
