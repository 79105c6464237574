import ChurnCore
import HTTPTypes
import Hummingbird

/// `GET /api/events/history`, `GET /api/churn-alerts-history` and `GET /api/shap-summary`.
///
/// Parameters of other names are ignored, as the contract's dashboards expect. A `Link` header names the next page.
struct HistoryRoutes {
    static let defaultLimit = 50
    static let maximumEvents = 1_000
    /// The contract's dashboards ask for this many.
    static let maximumAlerts = 7_048
    private static let importances = 10

    let parts: RestParts

    func add(to router: Router<ServeContext>) {
        router.get("/api/events/history") { request, _ in
            let (before, limit) = try Self.page(request.parameters(), cap: Self.maximumEvents)
            let events = try await self.parts.ask { try await $0.customers.events(before: before, limit: limit) }
            let answer = Response.json(array: events) { $0.fields(of: $1) }
            let last = events.last?.event.eventID
            return answer.linking(to: "/api/events/history", before: events.count < limit ? nil : last, limit: limit)
        }
        router.get("/api/churn-alerts-history") { request, _ in
            let (before, limit) = try Self.page(request.parameters(), cap: Self.maximumAlerts)
            let alerts = try await self.parts.ask { try await $0.customers.alerts(before: before, limit: limit) }
            let answer = Response.json(array: alerts) { $0.fields(of: $1, in: self.parts.domain) }
            let last = alerts.last?.eventID
            return answer.linking(
                to: "/api/churn-alerts-history", before: alerts.count < limit ? nil : last, limit: limit)
        }
        router.get("/api/shap-summary") { request, _ in
            let parameters = try request.parameters()
            let (segment, model) = (try parameters.text("segment"), try parameters.text("model_version"))
            let importances = try await self.parts.ask {
                try await $0.customers.featureImportances(
                    segment: segment, modelVersion: model, limit: Self.importances)
            }
            return Response.json(array: importances) { json, importance in
                json.field("feature", importance.feature)
                json.field("importance", importance.importance)
            }
        }
    }

    private static func page(_ parameters: QueryParameters, cap: Int) throws -> (before: Int64?, limit: Int) {
        let before = try parameters.count("before", cap: .max, default: 0)
        return (
            before == 0 ? nil : Int64(before), try parameters.count("limit", cap: cap, default: Self.defaultLimit)
        )
    }
}

extension Response {
    /// Names the next page (RFC 8288), where there may be one.
    fileprivate func linking(to path: String, before eventID: Int64?, limit: Int) -> Response {
        guard let eventID, let link = HTTPField.Name("Link") else { return self }
        var response = self
        response.headers[link] = "<\(path)?before=\(eventID)&limit=\(limit)>; rel=\"next\""
        return response
    }
}
