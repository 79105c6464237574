import ChurnCore
import ChurnInsight
import HTTPTypes
import Hummingbird

/// `GET /api/events/history/export` and `GET /api/churn-alerts-history/export`: all that is kept, newest first.
///
/// What is added after the first page was read is newer than the export and not in it.
struct HistoryExports: EndpointGroup {
    private static let pageSize = 500

    let dependencies: APIDependencies

    var endpoints: [Endpoint] {
        let queries = self.dependencies.queries.customers
        return [
            self.endpoint(
                "/api/events/history/export", id: "exportEvents", "All kept events as a file", name: "events",
                Shape<LoggedEvent>.logged, number: { $0.event.eventID }
            ) { try await queries.events(before: $0, limit: Self.pageSize) },
            self.endpoint(
                "/api/churn-alerts-history/export", id: "exportAlerts", "All kept alerts as a file",
                name: "churn-alerts", Shape<LoggedAlert>.alert(self.dependencies.domain), number: { $0.eventID }
            ) { try await queries.alerts(before: $0, limit: Self.pageSize) },
        ]
    }

    /// An export of rows that have numbers.
    ///
    /// - Parameters:
    ///   - name: the file's, without its ending.
    ///   - read: reads a page of the rows before a number.
    private func endpoint<Row: Sendable>(
        _ path: String, id: String, _ summary: String, name: String, _ row: Shape<Row>,
        number: @escaping @Sendable (Row) -> Int64, _ read: @escaping @Sendable (Int64?) async throws -> [Row]
    ) -> Endpoint {
        Endpoint(
            .get, path, .reading, id: id, .history, summary, notes: "Newest first, streamed.",
            parameters: [ExportFormat.parameter.description], refusesOtherParameters: true,
            answers: [.file, .unavailable]
        ) { request, _ in
            let format = try request.parameters().value(of: ExportFormat.parameter) ?? .csv
            let export = Export<Int64>(
                name: name, format: format, columns: row.columns,
                deadline: self.dependencies.limits.requestDeadline, places: self.dependencies.exportPlaces
            ) { before in
                let rows = try await read(before)
                return Export.Page(
                    rows: rows.map { row.row($0) }, next: rows.count < Self.pageSize ? nil : rows.last.map(number))
            }
            return try await export.response()
        }
    }
}
