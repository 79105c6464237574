import ChurnCore
import ChurnInsight
import HTTPTypes
import Hummingbird
import NIOCore

/// `GET /api/events/history`, `GET /api/churn-alerts-history` and `GET /api/shap-summary`.
///
/// Parameters of other names are ignored, as the contract's dashboards expect. A `Link` header names the next page.
struct HistoryRoutes {
    static let defaultLimit = 50
    static let maximumEvents = 1_000
    /// The contract's dashboards ask for this many.
    static let maximumAlerts = 7_048
    private static let importances = 10

    let dependencies: APIDependencies

    func add(to router: Router<ServeContext>) {
        router.get("/api/events/history") { request, _ in
            let (before, limit) = try Self.page(request.parameters(), cap: Self.maximumEvents)
            let events = try await self.dependencies.ask { try await $0.customers.events(before: before, limit: limit) }
            let answer = Response.json(array: events) { $0.fields(of: $1) }
            let last = events.last?.event.eventID
            return answer.linking(to: "/api/events/history", before: events.count < limit ? nil : last, limit: limit)
        }
        let row = AlertRow(self.dependencies.domain)
        router.get("/api/churn-alerts-history") { request, _ in
            let (before, limit) = try Self.page(request.parameters(), cap: Self.maximumAlerts)
            let page = try await self.dependencies.ask { queries in
                var page = AlertPage(of: row, limit: limit)
                try await queries.customers.alerts(before: before, limit: limit) { page.add($0) }
                return page.end()
            }
            return Response.json(page.body).linking(
                to: "/api/churn-alerts-history", before: page.count < limit ? nil : page.last, limit: limit)
        }
        router.get("/api/shap-summary") { request, _ in
            let parameters = try request.parameters()
            let (segment, model) = (try parameters.text("segment"), try parameters.text("model_version"))
            let importances = try await self.dependencies.ask {
                try await $0.customers.featureImportances(
                    segment: segment, modelVersion: model, limit: Self.importances)
            }
            return Response.json(array: importances) { json, importance in
                json.field("feature", importance.feature)
                json.field("importance", importance.importance)
                json.field("model_version", importance.modelVersion)
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

/// A page of alerts that is written portion by portion, as they are read: a long one takes as long to write as to read.
private struct AlertPage: ~Copyable {
    private let row: AlertRow
    private let limit: Int
    private var count = 0
    private var last: Int64?
    /// A portion on its way into the page, which takes all portions in turn and is never moved.
    private var json = JSONWriter()
    private var body = ByteBuffer()

    init(of row: AlertRow, limit: Int) {
        (self.row, self.limit) = (row, limit)
        self.json.beginArray()
    }

    mutating func add(_ alerts: LoggedAlerts) {
        guard let last = alerts.eventIDs.last else { return }
        self.row.write(alerts, to: &self.json)
        if self.count == 0 {
            let length = self.json.count / alerts.count
            self.body.reserveCapacity((length + length / 8) * max(self.limit, alerts.count))
        }
        self.json.move(to: &self.body)
        self.count += alerts.count
        self.last = last
    }

    /// The page, how many alerts are on it, and the number of the last.
    consuming func end() -> (body: ByteBuffer, count: Int, last: Int64?) {
        self.json.endArray()
        self.json.move(to: &self.body)
        return (self.body, self.count, self.last)
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
