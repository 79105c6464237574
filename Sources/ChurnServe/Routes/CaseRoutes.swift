import ChurnCore
import ChurnInsight
import Hummingbird

/// `GET /api/alerts`, `GET /api/alerts/{id}`, its history and `POST /api/alerts/{id}/...`: what people do about
/// customers at risk.
struct CaseRoutes: EndpointGroup {
    static let maximumLimit = 200
    /// Open cases are counted up to this number, which bounds what a look costs.
    static let countedOpen = 1_000

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
