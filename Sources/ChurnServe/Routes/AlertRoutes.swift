import ChurnCore
import ChurnInsight
import Hummingbird

/// `GET /api/alerts`, `GET /api/alerts/{id}`, its history and `POST /api/alerts/{id}/...`: what people do about
/// customers at risk.
struct AlertRoutes: EndpointGroup {
    private static let maximumLimit = 200
    /// Open alerts are counted up to this number, which bounds what a look costs.
    private static let countedOpen = 1_000

    let dependencies: AlertDependencies
    let limits: ServerLimits

    private static let number = ParameterDescription(
        name: "id", place: .path, meaning: "The alert's number.", schema: .integer(from: 0))
    private static let statuses = Parameter<Set<AlertStatus>>.choices("status", "Only alerts of these statuses.")
    private static let bands = Parameter<Set<RiskBand>>.choices(
        "band", "Only alerts whose score falls into these bands.")
    private static let assignee = Parameter.text("assignee", "Only alerts that this person is to deal with.")
    private static let customer = Parameter.text("customer", "Only alerts of the customer of this id.")
    private static let before = Parameter.before()
    private static let beforeVersion = Parameter.before("Only steps that led to versions below this one.")
    private static let limit = Parameter.limit(default: 50, cap: maximumLimit)

    var endpoints: [Endpoint] {
        var all = [self.list, self.one, self.history]
        for action in AlertAction.allCases { all.append(self.step(action)) }
        return all
    }

    private var list: Endpoint {
        Endpoint(
            .get, "/api/alerts", .reading, id: "alerts", .alerts, "Alerts, newest first",
            notes: """
                Ask again with before=next_before for earlier ones, until it is null. Counts are of all alerts, \
                whatever is asked for. Parameters of other names are refused.
                """,
            parameters: [
                Self.statuses.description, Self.bands.description, Self.assignee.description,
                Self.customer.description, Self.before.description, Self.limit.description,
            ],
            refusesOtherParameters: true, answers: [.ok("The alerts.", AlertShapes.page.schema), .unavailable]
        ) { request, _ in
            let query = try Self.query(request.parameters())
            let now = self.dependencies.now()
            let (page, counts) = try await self.ask { store in
                (
                    try await store.alerts(query, at: now),
                    try await store.alertCounts(openLimit: Self.countedOpen, at: now)
                )
            }
            return AlertShapes.page.response(
                ListedAlerts(page: page, counts: counts, isCapped: counts[.open] == Self.countedOpen, now: now))
        }
    }

    private static func query(_ parameters: QueryParameters) throws -> AlertQuery {
        let before = try parameters.value(of: Self.before)
        return AlertQuery(
            statuses: try parameters.value(of: Self.statuses), bands: try parameters.value(of: Self.bands),
            assignee: try parameters.value(of: Self.assignee), customerID: try parameters.value(of: Self.customer),
            before: before, limit: try parameters.value(of: Self.limit))
    }

    private var one: Endpoint {
        Endpoint(
            .get, "/api/alerts/{id}", .reading, id: "alert", .alerts, "One alert",
            notes: "The address takes no parameters of a query.", parameters: [Self.number],
            refusesOtherParameters: true,
            answers: [.ok("The alert.", AlertShapes.alert.schema), .alertNotFound, .unavailable]
        ) { _, context in
            let id = try Self.id(of: context)
            guard let alert = try await self.ask({ try await $0.alert(id: id) }) else { throw Problem.alertNotFound }
            return self.answer(alert)
        }
    }

    private var history: Endpoint {
        Endpoint(
            .get, "/api/alerts/{id}/history", .reading, id: "alertChanges", .alerts,
            "What was done about an alert, newest first",
            notes: """
                Ask again with before=next_before for earlier steps, until it is null. Parameters of other names are \
                refused.
                """,
            parameters: [Self.number, Self.beforeVersion.description, Self.limit.description],
            refusesOtherParameters: true,
            answers: [.ok("The steps.", AlertShapes.history.schema), .alertNotFound, .unavailable]
        ) { request, context in
            let parameters = try request.parameters()
            let id = try Self.id(of: context)
            let before = try parameters.value(of: Self.beforeVersion)
            let limit = try parameters.value(of: Self.limit)
            // One more than is shown tells whether there are more.
            let changes = try await self.ask { try await $0.changes(of: id, before: before, limit: limit + 1) }
            guard let changes else { throw Problem.alertNotFound }
            let shown = Array(changes.prefix(limit))
            return AlertShapes.history.response(
                ListedSteps(id: id, steps: shown, next: changes.count > limit ? shown.last?.version : nil))
        }
    }

    private func step(_ action: AlertAction) -> Endpoint {
        Endpoint(
            .post, "/api/alerts/{id}/\(action.rawValue)", .working, id: "\(action.rawValue)Alert", .alerts,
            action.summary,
            notes: """
                The body names the version of the alert that its sender has seen; 409 where it has another by now. \
                Members of other names are ignored.
                """,
            parameters: [Self.number], body: AlertForm.schema(action),
            answers: [
                .ok("The alert as it is now.", AlertShapes.alert.schema), .alertNotFound, .alertConflict, .unavailable,
            ]
        ) { request, context in try await self.take(action, request, context) }
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
        AlertShapes.alert.response(ShownAlert(alert: alert, now: self.dependencies.now()))
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

    // MARK: Answers

    /// An alert as it stands at a moment.
    private struct ShownAlert {
        var alert: Alert
        var now: Timestamp
    }

    /// A page of alerts, and how many of all alerts stand how.
    private struct ListedAlerts {
        var page: AlertPage
        var counts: [AlertStatus: Int]
        var isCapped: Bool
        var now: Timestamp

        var alerts: [ShownAlert] { self.page.alerts.map { ShownAlert(alert: $0, now: self.now) } }
        /// Where the next page begins.
        var next: Int64? { self.page.hasMore ? self.page.alerts.last?.id : nil }
    }

    /// A page of what was done about one alert, and where the next page begins.
    private struct ListedSteps {
        var id: Int64
        var steps: [AlertChange]
        var next: Int64?
    }

    private enum AlertShapes {
        static let alert = Shape<ShownAlert>(
            "Alert",
            [
                Field("alert_id") { $0.alert.id },
                Field("customer_id") { $0.alert.customerID },
                Field("event_type") { $0.alert.eventType.rawValue },
                Field("event_timestamp") { $0.alert.eventTime },
                Field("raised_at") { $0.alert.raisedAt },
                Field("churn_probability", schema: .probability) { $0.alert.probability },
                Field("churn_risk") { $0.alert.band },
                Field("status") { $0.alert.handling.status(at: $0.now) },
                Field("assignee") { $0.alert.handling.assignee },
                Field("snoozed_until") { $0.alert.handling.snoozedUntil },
                Field("outcome") { $0.alert.handling.outcome },
                Field("changed_by") { $0.alert.handling.changedBy },
                Field("changed_at") { $0.alert.handling.changedAt },
                Field("version", schema: .integer(from: 0)) { $0.alert.handling.version },
            ])

        static let page = Shape<ListedAlerts>(
            "AlertPage",
            [
                Field("alerts", Self.alert, to: AlertRoutes.maximumLimit, list: { $0.alerts }),
                Field("next_before") { $0.next },
                Field("counts", Self.counts, object: { $0.counts }),
                Field(
                    "open_count_is_capped",
                    """
                    Whether there may be more open ones than counts says: they are counted to \
                    \(AlertRoutes.countedOpen).
                    """
                ) { $0.isCapped },
            ])

        private static let counts = Shape<[AlertStatus: Int]>(
            AlertStatus.allCases.map { status in
                Field<[AlertStatus: Int]>(status.rawValue, schema: .integer(from: 0)) { $0[status, default: 0] }
            })

        static let history = Shape<ListedSteps>(
            "AlertHistory",
            [
                Field("alert_id") { $0.id },
                Field("items", Self.change, to: AlertRoutes.maximumLimit, list: { $0.steps }),
                Field("next_before") { $0.next },
            ])

        private static let change = Shape<AlertChange>(
            "AlertChange",
            [
                Field("version", schema: .integer(from: 1)) { $0.version },
                Field("changed_at") { $0.time },
                Field("changed_by") { $0.actor },
                Field("from_status") { $0.from },
                Field("to_status") { $0.to },
                Field("assignee") { $0.assignee },
                Field("snoozed_until") { $0.snoozedUntil },
                Field("outcome") { $0.outcome },
            ])
    }
}

extension AlertStatus: NamedAnswerValue {
    static var schema: Schema { Schema.choice(Self.self).named("AlertStatus") }
}

extension AlertAction {
    fileprivate var summary: String {
        switch self {
        case .acknowledge: "Say that someone has seen an alert"
        case .assign: "Say who is to deal with an alert"
        case .snooze: "Put an alert off until a time"
        case .resolve: "Say how an alert ended"
        case .reopen: "Open an alert again"
        }
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
