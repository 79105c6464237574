import ChurnCore
import ChurnInsight
import Hummingbird

/// `GET /api/alerts`, `GET /api/alerts/{id}`, its history and `POST /api/alerts/{id}/...`: what people do about
/// customers at risk.
struct AlertRoutes {
    static let defaultLimit = 50
    static let maximumLimit = 200
    /// Open alerts are counted up to this number, which bounds what a look costs.
    static let countedOpen = 1_000

    let dependencies: AlertDependencies
    let limits: ServerLimits

    func add(to router: Router<ServeContext>) {
        router.get("/api/alerts") { request, _ in try await self.list(request) }
        router.get("/api/alerts/:id") { request, context in
            try request.parameters().allowOnly([])
            let id = try Self.id(of: context)
            guard let alert = try await self.ask({ try await $0.alert(id: id) }) else { throw Problem.alertNotFound }
            return self.answer(alert)
        }
        router.get("/api/alerts/:id/history") { request, context in try await self.history(request, context) }
        for action in AlertAction.allCases {
            router.post("/api/alerts/:id/\(action.rawValue)") { request, context in
                try await self.take(action, request, context)
            }
        }
    }

    private func list(_ request: Request) async throws -> Response {
        let parameters = try request.parameters()
        try parameters.allowOnly(["status", "band", "assignee", "customer", "before", "limit"])
        let before = try parameters.count("before", cap: .max, default: 0)
        let query = AlertQuery(
            statuses: Set(try parameters.choices("status", of: AlertStatus.self)),
            bands: Set(try parameters.choices("band", of: RiskBand.self)),
            assignee: try parameters.text("assignee"), customerID: try parameters.text("customer"),
            before: before == 0 ? nil : Int64(before),
            limit: try parameters.count("limit", cap: Self.maximumLimit, default: Self.defaultLimit))
        let now = self.dependencies.now()
        let (page, counts) = try await self.ask { store in
            (try await store.alerts(query, at: now), try await store.alertCounts(openLimit: Self.countedOpen, at: now))
        }
        return Response.json { json in
            json.field("alerts", array: page.alerts) { json, alert in
                json.object { $0.fields(of: alert, at: now) }
            }
            json.field("next_before", page.hasMore ? page.alerts.last?.id : nil)
            json.field(
                "counts",
                object: { json in
                    for status in AlertStatus.allCases { json.field(status.rawValue, counts[status] ?? 0) }
                })
            json.field("open_count_is_capped", counts[.open] == Self.countedOpen)
        }
    }

    private func history(_ request: Request, _ context: ServeContext) async throws -> Response {
        let parameters = try request.parameters()
        try parameters.allowOnly(["before", "limit"])
        let id = try Self.id(of: context)
        let before = try parameters.count("before", cap: .max, default: 0)
        let limit = try parameters.count("limit", cap: Self.maximumLimit, default: Self.defaultLimit)
        let changes = try await self.ask {
            // One more than is shown reveals whether there are more.
            try await $0.changes(of: id, before: before == 0 ? nil : Int64(before), limit: limit + 1)
        }
        guard let changes else { throw Problem.alertNotFound }
        let shown = changes.prefix(limit)
        return Response.json { json in
            json.field("alert_id", id)
            json.field("items", array: Array(shown)) { json, change in json.object { $0.fields(of: change) } }
            json.field("next_before", changes.count > limit ? shown.last?.version : nil)
        }
    }

    private func take(_ action: AlertAction, _ request: Request, _ context: ServeContext) async throws -> Response {
        let members = try await request.jsonObject(limit: self.limits.maximumBodyBytes)
        let now = self.dependencies.now()
        let form = try AlertForm(action, members, at: now)
        let id = try Self.id(of: context)
        // Who signed in is who did it; a name in the body counts only where no one has to sign in.
        let actor = context.principal?.name ?? form.agent ?? "System"
        let outcome = try await self.ask { store in
            try await store.take(form.step, on: id, version: form.version, by: actor, at: now) { change in
                NewAuditEntry(
                    time: now, actor: actor, action: "alert.\(action.rawValue)", subject: "\(id)",
                    detail: "from \(change.from.rawValue) to \(change.to.rawValue), version \(change.version)")
            }
        }
        switch outcome {
        case .changed(let alert): return self.answer(alert)
        case .unknown: throw Problem.alertNotFound
        case .outdated: throw Problem.alertChanged
        case .refused(let alert):
            throw alert.handling.status(at: now) == .resolved ? Problem.alertResolved : Problem.alertOpen
        }
    }

    private func answer(_ alert: Alert) -> Response {
        let now = self.dependencies.now()
        return Response.json { $0.fields(of: alert, at: now) }
    }

    private func ask<Value: Sendable>(
        _ work: @escaping @Sendable (any AlertStore) async throws -> Value
    ) async throws -> Value {
        let store = self.dependencies.store
        return try await withDeadline(self.limits.requestDeadline) { try await work(store) }
    }

    private static func id(of context: ServeContext) throws -> Int64 {
        guard let text = context.parameters.get("id"), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let id = Int64(text)
        else { throw Problem.alertNotFound }
        return id
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of alert: Alert, at now: Timestamp) {
        self.field("alert_id", alert.id)
        self.field("customer_id", alert.customerID)
        self.field("event_type", alert.eventType.rawValue)
        self.field("event_timestamp", alert.eventTime)
        self.field("raised_at", alert.raisedAt)
        self.field("churn_probability", alert.probability)
        self.field("churn_risk", alert.band.rawValue)
        self.field("status", alert.handling.status(at: now).rawValue)
        self.field("assignee", alert.handling.assignee)
        self.field("snoozed_until", alert.handling.snoozedUntil)
        self.field("outcome", alert.handling.outcome)
        self.field("changed_by", alert.handling.changedBy)
        self.field("changed_at", alert.handling.changedAt)
        self.field("version", alert.handling.version)
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of change: AlertChange) {
        self.field("version", change.version)
        self.field("changed_at", change.time)
        self.field("changed_by", change.actor)
        self.field("from_status", change.from.rawValue)
        self.field("to_status", change.to.rawValue)
        self.field("assignee", change.assignee)
        self.field("snoozed_until", change.snoozedUntil)
        self.field("outcome", change.outcome)
    }
}

extension Problem {
    static let alertNotFound = Problem(.notFound, "alert_not_found", "There is no alert of this number.")
    static let alertChanged = Problem(
        .conflict, "alert_changed", "The alert is not of this version any more. Read it again, then decide.")
    static let alertResolved = Problem(
        .conflict, "alert_resolved", "The alert is resolved. Reopen it before anything else.")
    static let alertOpen = Problem(.conflict, "alert_open", "The alert is open already.")
}
