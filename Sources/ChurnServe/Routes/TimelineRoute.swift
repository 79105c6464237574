import ChurnCore
import ChurnInsight
import Hummingbird

/// `GET /api/customer/{id}/timeline`: scores, events and interventions of one customer on one axis, newest first.
struct TimelineRoute {
    private static let defaultLimit = 50
    private static let maximumLimit = 500

    let dependencies: APIDependencies
    private let phrases: ReasonPhrases

    init(dependencies: APIDependencies) {
        self.dependencies = dependencies
        self.phrases = ReasonPhrases(schema: dependencies.domain.schema)
    }

    /// A page, and the time before which the next one begins.
    private struct Page {
        var entries: [TimelineEntry]
        var next: Timestamp?
    }

    func add(to router: Router<ServeContext>) {
        router.get("/api/customer/:id/timeline") { request, context in
            let parameters = try request.parameters()
            try parameters.allowOnly(["before", "limit"])
            let before = try parameters.time("before")
            let limit = try parameters.count("limit", cap: Self.maximumLimit, default: Self.defaultLimit)
            let id = try context.customerID()
            let page = try await self.dependencies.ask { queries in
                try await Self.page(of: id, before: before, limit: limit, from: queries.customers)
            }
            guard let page else { throw Problem.customerNotFound }
            return Response.json { json in
                json.field("customer_id", id)
                json.field("entries", array: page.entries) { json, entry in
                    json.object { self.write(entry, of: id, to: &$0) }
                }
                json.field("next_before", page.next)
            }
        }
    }

    /// Ends a page between two moments: the next one begins before a time, and what happened at the same time as the
    /// last entry must not fall between the two.
    private static func page(
        of id: String, before: Timestamp?, limit: Int, from queries: any CustomerQueries
    ) async throws -> Page? {
        var asked = limit + 1
        while true {
            guard let found = try await queries.timeline(of: id, before: before, limit: asked) else { return nil }
            guard found.count >= asked, let last = found.last else { return Page(entries: found, next: nil) }
            let whole = found.filter { $0.time > last.time }
            if let end = whole.last { return Page(entries: whole, next: end.time) }
            // All of one moment: nothing shorter than the moment can be a page.
            asked *= 4
        }
    }

    private func write(_ entry: TimelineEntry, of id: String, to json: inout JSONWriter) {
        json.field("time", entry.time)
        switch entry {
        case .event(let event):
            json.field("kind", "event")
            json.field("event_id", event.eventID)
            json.field("event_type", event.type.rawValue)
            json.field("event_data", json: event.json)
            json.field("churn_probability", event.probability)
            if let change = event.change {
                json.field(
                    "score_change",
                    object: {
                        $0.fields(of: change, after: event.type, in: self.dependencies.domain, self.phrases)
                    })
            }
        case .score(let eventID, _, let probability):
            json.field("kind", "score")
            json.field("event_id", eventID)
            json.field("churn_probability", probability)
        case .intervention(let intervention):
            json.field("kind", "intervention")
            json.fields(of: intervention, customerID: id)
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
