import ChurnCore
import ChurnInsight
import Hummingbird

/// `GET /api/audit`: what people changed, newest first.
struct AuditRoute {
    let audit: any AuditLog
    let deadline: Duration

    private static let standardLimit = 50
    private static let maximumLimit = 1_000

    func add(to router: Router<ServeContext>) {
        router.get("/api/audit") { request, _ in
            let parameters = try request.parameters()
            try parameters.allowOnly(["limit", "before"])
            let before = try parameters.count("before", cap: .max, default: 0)
            let limit = try parameters.count("limit", cap: .max, default: Self.standardLimit)
            guard limit <= Self.maximumLimit else {
                throw Problem.parameter("limit", "It is a whole number of at most \(Self.maximumLimit).")
            }
            let entries = try await withDeadline(self.deadline) {
                try await self.audit.auditEntries(before: before == 0 ? nil : Int64(before), limit: limit)
            }
            return Response.json { json in
                json.field("entries", array: entries) { json, entry in json.object { Self.write(entry, to: &$0) } }
            }
        }
    }

    private static func write(_ entry: AuditEntry, to json: inout JSONWriter) {
        json.field("entry_id", entry.id)
        json.field("time", entry.entry.time)
        json.field("actor", entry.entry.actor)
        json.field("action", entry.entry.action)
        json.field("subject", entry.entry.subject)
        json.field("detail", entry.entry.detail)
    }
}
