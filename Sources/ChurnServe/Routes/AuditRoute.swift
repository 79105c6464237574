import ChurnCore
import HTTPTypes
import Hummingbird

/// `GET /api/audit`: what people changed, newest first.
struct AuditRoute {
    let audit: any AuditLog
    let deadline: Duration

    private static let standardLimit = 50
    private static let maximumLimit = 1_000

    func add(to router: Router<ServeContext>) {
        router.get("/api/audit") { request, _ in
            try request.parameters().allowOnly(["limit", "before"])
            let limit = try Self.number("limit", in: request, 1...Int64(Self.maximumLimit))
            let before = try Self.number("before", in: request, 1...Int64.max)
            let entries = try await withDeadline(self.deadline) {
                try await self.audit.auditEntries(before: before, limit: limit.map(Int.init) ?? Self.standardLimit)
            }
            return Response.json { json in
                json.field("entries", array: entries) { json, entry in json.object { Self.write(entry, to: &$0) } }
            }
        }
    }

    private static func number(_ name: Substring, in request: Request, _ range: ClosedRange<Int64>) throws -> Int64? {
        let values = request.uri.queryParameters.filter { $0.key == name }.map(\.value)
        guard let text = values.first else { return nil }
        guard values.count == 1, let number = Int64(text), range.contains(number) else {
            throw Problem(
                .badRequest, "bad_parameter",
                "The parameter `\(name)` is a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    private static func write(_ entry: AuditEntry, to json: inout JSONWriter) {
        json.field("entry_id", entry.id)
        json.field("time", entry.entry.time.iso8601)
        json.field("actor", entry.entry.actor)
        json.field("action", entry.entry.action)
        json.field("subject", entry.entry.subject)
        json.field("detail", entry.entry.detail)
    }
}
