import ChurnCore
import ChurnInsight
import Hummingbird

/// `GET /api/events/history/export` and `GET /api/churn-alerts-history/export`: all that is kept, newest first.
///
/// What is added after the first page was read is newer than the export and not in it.
struct HistoryExports {
    private static let pageSize = 500

    let dependencies: APIDependencies

    func add(to router: Router<ServeContext>) {
        router.get("/api/events/history/export") { request, _ in
            try await self.events(as: Self.format(request)).response()
        }
        router.get("/api/churn-alerts-history/export") { request, _ in
            try await self.alerts(as: Self.format(request)).response()
        }
    }

    private static func format(_ request: Request) throws -> ExportFormat {
        let parameters = try request.parameters()
        try parameters.allowOnly(["format"])
        return try parameters.choice("format", of: ExportFormat.self) ?? .csv
    }

    private func events(as format: ExportFormat) -> Export<Int64> {
        let queries = self.dependencies.queries.customers
        return Export(
            name: "events", format: format,
            columns: [
                "event_id", "user_id", "event_type", "event_timestamp", "event_data", "churn_probability", "is_alert",
                "became_at_risk",
            ],
            deadline: self.dependencies.limits.requestDeadline, places: self.dependencies.exportPlaces
        ) { before in
            let events = try await queries.events(before: before, limit: Self.pageSize)
            return Export.Page(
                rows: events.map { logged in
                    let event = logged.event
                    return [
                        .integer(event.eventID), .text(logged.customerID), .text(event.type.rawValue),
                        .text(event.time.iso8601), .json(event.json), ExportCell(event.probability),
                        .flag(logged.isAlert), .flag(logged.becameAtRisk),
                    ]
                }, next: events.count < Self.pageSize ? nil : events.last?.event.eventID)
        }
    }

    private func alerts(as format: ExportFormat) -> Export<Int64> {
        let queries = self.dependencies.queries.customers
        let domain = self.dependencies.domain
        return Export(
            name: "churn-alerts", format: format,
            columns: [
                "id", "customer_id", "churn_probability", "churn_risk", "event_type", "event_timestamp",
                "became_at_risk",
            ] + domain.updateFields.map(\.name),
            deadline: self.dependencies.limits.requestDeadline, places: self.dependencies.exportPlaces
        ) { before in
            let alerts = try await queries.alerts(before: before, limit: Self.pageSize)
            return Export.Page(
                rows: alerts.map { Self.row($0, in: domain) },
                next: alerts.count < Self.pageSize ? nil : alerts.last?.eventID)
        }
    }

    private static func row(_ alert: LoggedAlert, in domain: Domain) -> [ExportCell] {
        let band = alert.probability.map { domain.bands.band(of: $0).rawValue }
        let shown = domain.updateFields.indices.map { ExportCell(alert.shown?[$0] ?? .missing) }
        return [
            .integer(alert.eventID), .text(alert.customerID), ExportCell(alert.probability), ExportCell(band),
            .text(alert.type.rawValue), .text(alert.time.iso8601), .flag(alert.becameAtRisk),
        ] + shown
    }
}
