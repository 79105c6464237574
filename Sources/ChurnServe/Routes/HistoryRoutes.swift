import ChurnCore
import ChurnInsight
import HTTPTypes
import Hummingbird
import NIOCore

/// `GET /api/events/history`, `GET /api/churn-alerts-history` and `GET /api/shap-summary`.
///
/// Parameters of other names are ignored, as the contract's dashboards expect. A `Link` header names the next page.
struct HistoryRoutes: EndpointGroup {
    private static let importances = 10

    private static let before = Parameter.before()
    private static let eventLimit = Parameter.limit(default: 50, cap: 1_000)
    /// The contract's dashboards ask for as many as that.
    private static let alertLimit = Parameter.limit(default: 50, cap: 7_048)
    private static let segment = Parameter.text("segment", "Over this segment's customers only.")
    private static let model = Parameter.text(
        "model_version", "Of this model; by default of the one that serves.")

    private static let order = """
        Newest first. The Link header names the page of those before. Parameters of other names are ignored.
        """
    private static let link = EndpointAnswer.Header(name: "Link", meaning: "The next page, where there may be one.")

    let dependencies: APIDependencies

    var endpoints: [Endpoint] { [self.events, self.alerts, self.summary] }

    private var events: Endpoint {
        let path = "/api/events/history"
        let event = Shape<LoggedEvent>.logged
        return Endpoint(
            .get, path, .reading, id: "eventHistory", .history, "Events of all customers", notes: Self.order,
            parameters: [Self.before.description, Self.eventLimit.description],
            answers: [.ok("The newest.", .array(of: event.schema), headers: [Self.link]), .unavailable]
        ) { request, _ in
            let parameters = try request.parameters()
            let before = try parameters.value(of: Self.before)
            let limit = try parameters.value(of: Self.eventLimit)
            let events = try await self.dependencies.ask { try await $0.customers.events(before: before, limit: limit) }
            let last = events.last?.event.eventID
            return event.response(list: events).linking(
                to: path, before: events.count < limit ? nil : last, limit: limit)
        }
    }

    private var alerts: Endpoint {
        let path = "/api/churn-alerts-history"
        let domain = self.dependencies.domain
        let row = AlertRow(domain)
        return Endpoint(
            .get, path, .reading, id: "alertHistory", .history, "Alerts with their customers as they are now",
            notes: """
                \(Self.order) Pages of more than 500 show customers as this node knows them: what another program \
                changed without an event comes when the node next loads all customers.
                """,
            parameters: [Self.before.description, Self.alertLimit.description],
            answers: [
                .ok("The newest.", .array(of: Shape<LoggedAlert>.alert(domain).schema), headers: [Self.link]),
                .unavailable,
            ]
        ) { request, _ in
            let parameters = try request.parameters()
            let before = try parameters.value(of: Self.before)
            let limit = try parameters.value(of: Self.alertLimit)
            let page = try await self.dependencies.ask { queries in
                var page = AlertPage(of: row, limit: limit)
                try await queries.customers.alerts(before: before, limit: limit) { page.add($0) }
                return page.end()
            }
            return Response.json(page.body).linking(
                to: path, before: page.count < limit ? nil : page.last, limit: limit)
        }
    }

    private var summary: Endpoint {
        let importance = Self.importance
        return Endpoint(
            .get, "/api/shap-summary", .reading, id: "shapSummary", .dashboard,
            "The ten features that matter most to the model",
            notes: """
                The mean of the absolute contributions in log-odds, largest first, of the model that serves; empty \
                where no summary of it was computed yet. Parameters of other names are ignored.
                """,
            parameters: [Self.segment.description, Self.model.description],
            answers: [.ok("The features.", .array(of: importance.schema, to: Self.importances)), .unavailable]
        ) { request, _ in
            let parameters = try request.parameters()
            let segment = try parameters.value(of: Self.segment)
            let model = try parameters.value(of: Self.model)
            let importances = try await self.dependencies.ask {
                try await $0.customers.featureImportances(
                    segment: segment, modelVersion: model, limit: Self.importances)
            }
            return importance.response(list: importances)
        }
    }

    private static let importance = Shape<FeatureImportance>([
        Field("feature") { $0.feature },
        Field("importance", schema: .number(from: 0)) { $0.importance },
        Field(
            "model_version", "The model to which they matter; null where whoever wrote them did not say."
        ) { $0.modelVersion },
    ])
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
