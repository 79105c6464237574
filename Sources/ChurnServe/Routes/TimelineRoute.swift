import ChurnCore
import ChurnInsight
import HTTPTypes
import Hummingbird

/// `GET /api/customer/{id}/timeline`: scores, events, interventions and steps about cases of one customer on one axis,
/// newest first.
struct TimelineRoute: EndpointGroup {
    private static let before = Parameter<Timestamp?>(
        description: ParameterDescription(
            name: "before", meaning: "Only what happened before this time.", schema: .time)
    ) { try $0.time("before") }
    private static let limit = Parameter.limit(
        "About how many entries; more than 500 count as 500.", default: 50, cap: 500)

    let dependencies: APIDependencies
    private let phrases: ReasonPhrases

    init(dependencies: APIDependencies) {
        self.dependencies = dependencies
        self.phrases = ReasonPhrases(schema: dependencies.domain.schema)
    }

    var endpoints: [Endpoint] {
        let answer = Self.answer(.change(self.dependencies.domain, self.phrases))
        return [
            Endpoint(
                .get, "/api/customer/{id}/timeline", .reading, id: "timeline", .customers,
                "Scores, events, interventions and steps about cases of one customer on one axis",
                notes: """
                    Newest first. Ask again with before=next_before for what came earlier, until it is null. A page \
                    may be shorter than the limit: it never ends within one moment.
                    """,
                parameters: ParameterDescription.customerID + [Self.before.description, Self.limit.description],
                refusesOtherParameters: true,
                answers: [.ok("The entries.", answer.schema), .customerNotFound, .unavailable]
            ) { request, context in
                let parameters = try request.parameters()
                let before = try parameters.value(of: Self.before)
                let limit = try parameters.value(of: Self.limit)
                let id = try context.customerID(request)
                let page = try await self.dependencies.ask { queries in
                    try await Self.page(of: id, before: before, limit: limit, from: queries.customers)
                }
                guard let page else { throw Problem.customerNotFound }
                return answer.response(page)
            }
        ]
    }

    /// A page, and the time before which the next one begins.
    private struct Page {
        var customerID: String
        var entries: [TimelineEntry]
        var next: Timestamp?
    }

    /// Ends a page between two moments: the next one begins before a time, and what happened at the same time as the
    /// last entry must not fall between the two.
    private static func page(
        of id: String, before: Timestamp?, limit: Int, from queries: any CustomerQueries
    ) async throws -> Page? {
        var asked = limit + 1
        while true {
            guard let found = try await queries.timeline(of: id, before: before, limit: asked) else { return nil }
            guard found.count >= asked, let last = found.last else {
                return Page(customerID: id, entries: found, next: nil)
            }
            let whole = found.filter { $0.time > last.time }
            if let end = whole.last { return Page(customerID: id, entries: whole, next: end.time) }
            // All of one moment: nothing shorter than the moment can be a page.
            asked *= 4
        }
    }

    // MARK: The answer

    private static func answer(_ change: Shape<EventChange>) -> Shape<Page> {
        Shape([
            Field("customer_id") { $0.customerID },
            Field(
                "entries", self.entry(change),
                list: { page in page.entries.map { Entry(customerID: page.customerID, entry: $0) } }),
            Field("next_before") { $0.next },
        ])
    }

    /// One thing that happened: the members of its kind, after those of all kinds.
    private static func entry(_ change: Shape<EventChange>) -> Shape<Entry> {
        let scored: [Field<Entry>] = [
            Field("time") { $0.entry.time },
            Field("kind") { $0.kind },
            Field.ifThere("event_id") { $0.eventID },
            Field.ifThere("event_type") { $0.event?.type.rawValue },
            Field.ifThere("event_data") { $0.event.map { JSONBytes($0.json) } },
            Field.ifThere("churn_probability", schema: .probability.orNull()) { $0.probability },
            Field("score_change", change, objectIfThere: { $0.scoreChange }),
        ]
        // A step names its case by the same member as an intervention.
        let done: [Field<Entry>] = Shape<LoggedIntervention>.intervention.fields.filter { $0.name != "alert_id" }
            .map { field in field.ofPart { $0.intervention } }
        return Shape("TimelineEntry", scored + done + self.step)
    }

    /// A step about a case.
    private static let step: [Field<Entry>] = [
        Field.ifThere("alert_id", "The case of an intervention or a step.") { $0.caseID },
        Field.ifThere("version", "Of a step about a case: the version that it led to.") { $0.change?.version },
        Field.ifThere("changed_by") { $0.change?.actor },
        Field.ifThere("from_status") { $0.change?.from },
        Field.ifThere("to_status") { $0.change?.to },
        Field.ifThere("assignee") { $0.change.map(\.assignee) },
        Field.ifThere("snoozed_until") { $0.change.map(\.snoozedUntil) },
        Field.ifThere("outcome") { $0.change.map(\.outcome) },
    ]

    private enum Kind: String, NamedAnswerValue {
        case event, score, intervention
        case step = "case_step"
    }

    /// An entry beside its customer.
    private struct Entry {
        var customerID: String
        var entry: TimelineEntry

        var kind: Kind {
            switch self.entry {
            case .event: .event
            case .score: .score
            case .intervention: .intervention
            case .step: .step
            }
        }
        var event: RecentEvent? {
            guard case .event(let event) = self.entry else { return nil }
            return event
        }
        var eventID: Int64? {
            switch self.entry {
            case .event(let event): event.eventID
            case .score(let eventID, _, _): eventID
            case .intervention, .step: nil
            }
        }
        /// The score, nil for an event without one; none at all where the entry has no such member.
        var probability: Double?? {
            switch self.entry {
            case .event(let event): .some(event.probability)
            case .score(_, _, let probability): .some(probability)
            case .intervention, .step: nil
            }
        }
        var scoreChange: EventChange? {
            guard let event = self.event else { return nil }
            return event.change.map { EventChange(change: $0, type: event.type) }
        }
        var intervention: LoggedIntervention? {
            guard case .intervention(let intervention) = self.entry else { return nil }
            return LoggedIntervention(intervention: intervention, customerID: self.customerID)
        }
        /// The case of an intervention or a step.
        var caseID: Int64? {
            switch self.entry {
            case .event, .score: nil
            case .intervention(let intervention): intervention.caseID
            case .step(let change): change.caseID
            }
        }
        /// The step about a case.
        var change: CaseChange? {
            guard case .step(let change) = self.entry else { return nil }
            return change
        }
    }
}

extension QueryParameters {
    /// A time as ISO 8601 text; nil where it is not given.
    fileprivate func time(_ name: String) throws -> Timestamp? {
        guard let text = try self.text(name) else { return nil }
        guard let time = Timestamp(iso8601: text) else {
            throw Problem.parameter(name, "It is a time such as 2026-01-31T12:00:00.25Z.")
        }
        return time
    }
}
