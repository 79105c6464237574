import ChurnCore
import ChurnInsight
import Hummingbird

/// `GET /api/alerts`, `GET /api/alerts/{id}`, its history and `POST /api/alerts/{id}/...`: what people do about
/// customers at risk.
struct CaseRoutes: EndpointGroup {
    private static let maximumLimit = 200
    /// Open cases are counted up to this number, which bounds what a look costs.
    private static let countedOpen = 1_000

    let dependencies: CaseDependencies
    let limits: ServerLimits

    private static let number = ParameterDescription(
        name: "id", place: .path, meaning: "The case's number.", schema: .integer(from: 0))
    private static let statuses = Parameter<Set<CaseStatus>>.choices("status", "Only cases of these statuses.")
    private static let bands = Parameter<Set<RiskBand>>.choices(
        "band", "Only cases whose score falls into these bands.")
    private static let assignee = Parameter.text("assignee", "Only cases that this person is to deal with.")
    private static let customer = Parameter.text("customer", "Only cases of the customer of this id.")
    private static let before = Parameter.before()
    private static let beforeVersion = Parameter.before("Only steps that led to versions below this one.")
    private static let limit = Parameter.limit(default: 50, cap: maximumLimit)

    var endpoints: [Endpoint] {
        var all = [self.list, self.one, self.history]
        for action in CaseAction.allCases { all.append(self.step(action)) }
        return all
    }

    private var list: Endpoint {
        Endpoint(
            .get, "/api/alerts", .reading, id: "alerts", .cases, "Cases, newest first",
            notes: """
                Ask again with before=next_before for earlier ones, until it is null. Counts are of all cases, \
                whatever is asked for. Parameters of other names are refused.
                """,
            parameters: [
                Self.statuses.description, Self.bands.description, Self.assignee.description,
                Self.customer.description, Self.before.description, Self.limit.description,
            ],
            refusesOtherParameters: true, answers: [.ok("The cases.", CaseShapes.page.schema), .unavailable]
        ) { request, _ in
            let query = try Self.query(request.parameters())
            let now = self.dependencies.now()
            let (page, counts) = try await self.ask { store in
                (
                    try await store.cases(query, at: now),
                    try await store.caseCounts(openLimit: Self.countedOpen, at: now)
                )
            }
            return CaseShapes.page.response(
                ListedCases(page: page, counts: counts, isCapped: counts[.open] == Self.countedOpen, now: now))
        }
    }

    private static func query(_ parameters: QueryParameters) throws -> CaseQuery {
        let before = try parameters.value(of: Self.before)
        return CaseQuery(
            statuses: try parameters.value(of: Self.statuses), bands: try parameters.value(of: Self.bands),
            assignee: try parameters.value(of: Self.assignee), customerID: try parameters.value(of: Self.customer),
            before: before, limit: try parameters.value(of: Self.limit))
    }

    private var one: Endpoint {
        Endpoint(
            .get, "/api/alerts/{id}", .reading, id: "alert", .cases, "One case",
            notes: "The address takes no parameters of a query.", parameters: [Self.number],
            refusesOtherParameters: true,
            answers: [.ok("The case.", CaseShapes.customerCase.schema), .caseNotFound, .unavailable]
        ) { _, context in
            let id = try Self.id(of: context)
            let found = try await self.ask { try await $0.customerCase(id: id) }
            guard let found else { throw Problem.caseNotFound }
            return self.answer(found)
        }
    }

    private var history: Endpoint {
        Endpoint(
            .get, "/api/alerts/{id}/history", .reading, id: "alertChanges", .cases,
            "What was done about a case, newest first",
            notes: """
                Ask again with before=next_before for earlier steps, until it is null. Parameters of other names are \
                refused.
                """,
            parameters: [Self.number, Self.beforeVersion.description, Self.limit.description],
            refusesOtherParameters: true,
            answers: [.ok("The steps.", CaseShapes.history.schema), .caseNotFound, .unavailable]
        ) { request, context in
            let parameters = try request.parameters()
            let id = try Self.id(of: context)
            let before = try parameters.value(of: Self.beforeVersion)
            let limit = try parameters.value(of: Self.limit)
            // One more than is shown tells whether there are more.
            let changes = try await self.ask { try await $0.changes(of: id, before: before, limit: limit + 1) }
            guard let changes else { throw Problem.caseNotFound }
            let shown = Array(changes.prefix(limit))
            return CaseShapes.history.response(
                ListedSteps(id: id, steps: shown, next: changes.count > limit ? shown.last?.version : nil))
        }
    }

    private func step(_ action: CaseAction) -> Endpoint {
        Endpoint(
            .post, "/api/alerts/{id}/\(action.rawValue)", .working, id: "\(action.rawValue)Alert", .cases,
            action.summary,
            notes: """
                The body names the version of the case that its sender has seen; 409 where it has another by now. \
                Members of other names are ignored.
                """,
            parameters: [Self.number], body: CaseForm.schema(action),
            answers: [
                .ok("The case as it is now.", CaseShapes.customerCase.schema), .caseNotFound, .caseConflict,
                .unavailable,
            ]
        ) { request, context in try await self.take(action, request, context) }
    }

    private func take(_ action: CaseAction, _ request: Request, _ context: ServeContext) async throws -> Response {
        let members = try await request.jsonObject(limit: self.limits.maximumBodyBytes)
        let now = self.dependencies.now()
        let form = try CaseForm(action, members, at: now)
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
        case .changed(let customerCase): return self.answer(customerCase)
        case .unknown: throw Problem.caseNotFound
        case .outdated(let customerCase): throw Problem.caseChanged(customerCase.handling)
        case .refused(let customerCase):
            throw customerCase.handling.status(at: now) == .resolved
                ? Problem.caseResolved(customerCase.handling) : Problem.caseOpen(customerCase.handling)
        }
    }

    private func answer(_ customerCase: CustomerCase) -> Response {
        CaseShapes.customerCase.response(ShownCase(customerCase: customerCase, now: self.dependencies.now()))
    }

    private func ask<Value: Sendable>(
        _ work: @escaping @Sendable (any CaseStore) async throws -> Value
    ) async throws -> Value {
        let store = self.dependencies.store
        return try await withDeadline(self.limits.requestDeadline) { try await work(store) }
    }

    private static func id(of context: ServeContext) throws -> Int64 {
        guard let text = context.parameters.get("id"), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let id = Int64(text)
        else { throw Problem.caseNotFound }
        return id
    }

    // MARK: Answers

    /// A case as it stands at a moment.
    private struct ShownCase {
        var customerCase: CustomerCase
        var now: Timestamp

        var customer: CaseCustomer? { self.customerCase.customer }
        var standing: CaseStanding? { self.customer?.standing(at: self.now) }
        /// The time at which the customer left, where that is over.
        var leftAt: Timestamp? { self.standing == .left ? self.customer?.leftAt : nil }
    }

    /// A page of cases, and how many of all cases stand how.
    private struct ListedCases {
        var page: CasePage
        var counts: [CaseStatus: Int]
        var isCapped: Bool
        var now: Timestamp

        var cases: [ShownCase] { self.page.cases.map { ShownCase(customerCase: $0, now: self.now) } }
        /// Where the next page begins.
        var next: Int64? { self.page.hasMore ? self.page.cases.last?.id : nil }
    }

    /// A page of what was done about one case, and where the next page begins.
    private struct ListedSteps {
        var id: Int64
        var steps: [CaseChange]
        var next: Int64?
    }

    private enum CaseShapes {
        static let customerCase = Shape<ShownCase>(
            "Case",
            [
                Field("alert_id") { $0.customerCase.id },
                Field("customer_id") { $0.customerCase.customerID },
                Field("event_type") { $0.customerCase.eventType.rawValue },
                Field("event_timestamp") { $0.customerCase.eventTime },
                Field("raised_at") { $0.customerCase.raisedAt },
                Field("churn_probability", schema: .probability) { $0.customerCase.probability },
                Field("churn_risk") { $0.customerCase.band },
                Field(
                    "churn_probability_now", "The customer's latest score; churn_probability is that of the case.",
                    schema: .probability.orNull()
                ) { $0.customer?.latest?.probability },
                Field("churn_risk_now") { $0.customer?.latest?.band },
                Field("prediction_timestamp") { $0.customer?.latest?.time },
                Field("at_risk_now", "Whether the customer counts as at risk now.") {
                    $0.standing != .left && $0.customer?.isAtRisk == true
                },
                Field(
                    "standing",
                    """
                    recovered where the latest score is at or below the exit threshold, left where the customer's newest \
                    outcome says so; null where the customer is no longer known.
                    """
                ) { $0.standing },
                Field("left_at", "When the customer left.") { $0.leftAt },
                Field("status") { $0.customerCase.handling.status(at: $0.now) },
                Field("assignee") { $0.customerCase.handling.assignee },
                Field("snoozed_until") { $0.customerCase.handling.snoozedUntil },
                Field("outcome") { $0.customerCase.handling.outcome },
                Field("changed_by") { $0.customerCase.handling.changedBy },
                Field("changed_at") { $0.customerCase.handling.changedAt },
                Field("version", schema: .integer(from: 0)) { $0.customerCase.handling.version },
            ])

        static let page = Shape<ListedCases>(
            "CasePage",
            [
                Field("alerts", Self.customerCase, to: CaseRoutes.maximumLimit, list: { $0.cases }),
                Field("next_before") { $0.next },
                Field("counts", Self.counts, object: { $0.counts }),
                Field(
                    "open_count_is_capped",
                    """
                    Whether there may be more open ones than counts says: they are counted to \
                    \(CaseRoutes.countedOpen).
                    """
                ) { $0.isCapped },
            ])

        private static let counts = Shape<[CaseStatus: Int]>(
            CaseStatus.allCases.map { status in
                Field<[CaseStatus: Int]>(status.rawValue, schema: .integer(from: 0)) { $0[status, default: 0] }
            })

        static let history = Shape<ListedSteps>(
            "CaseHistory",
            [
                Field("alert_id") { $0.id },
                Field("items", Self.change, to: CaseRoutes.maximumLimit, list: { $0.steps }),
                Field("next_before") { $0.next },
            ])

        private static let change = Shape<CaseChange>(
            "CaseChange",
            [
                Field("version", schema: .integer(from: 1)) { $0.version },
                Field("changed_at") { $0.time },
                Field("changed_by") { $0.actor },
                Field("from_status") { $0.from },
                Field("to_status") { $0.to },
                Field("assignee") { $0.assignee },
                Field("snoozed_until") { $0.snoozedUntil },
                Field("outcome") { $0.outcome },
                Field.ifThere("log_id", "The intervention that was the step.") { $0.interventionID },
            ])
    }
}

extension CaseStanding: NamedAnswerValue {
    static var schema: Schema { Schema.choice(Self.self).named("CaseStanding") }
}

extension CaseStatus: NamedAnswerValue {
    static var schema: Schema { Schema.choice(Self.self).named("CaseStatus") }
}

extension CaseAction {
    fileprivate var summary: String {
        switch self {
        case .acknowledge: "Say that someone has seen a case"
        case .assign: "Say who is to deal with a case"
        case .snooze: "Put a case off until a time"
        case .resolve: "Say how a case ended"
        case .reopen: "Open a case again"
        }
    }
}

extension Problem {
    static let caseNotFound = Problem(.notFound, "alert_not_found", "There is no case of this number.")
    static func caseChanged(_ handling: CaseHandling) -> Problem {
        Problem(
            .conflict, "alert_changed", "The case is not of this version any more. Read it again, then decide.",
            changedBy: handling.changedBy, changedAt: handling.changedAt)
    }

    static func caseResolved(_ handling: CaseHandling) -> Problem {
        Problem(
            .conflict, "alert_resolved", "The case is resolved. Reopen it before anything else.",
            changedBy: handling.changedBy, changedAt: handling.changedAt)
    }

    static func caseOpen(_ handling: CaseHandling) -> Problem {
        Problem(
            .conflict, "alert_open", "The case is open already.", changedBy: handling.changedBy,
            changedAt: handling.changedAt)
    }
}
