import ChurnCore
import ChurnInsight
import Hummingbird

/// `GET /api/audit`: what people changed, newest first.
struct AuditRoute: EndpointGroup {
    let audit: any AuditLog
    let deadline: Duration

    private static let maximumLimit = 1_000
    private static let standardLimit = 50
    private static let before = Parameter.before()
    /// Unlike others', a limit that is too large is an error.
    private static let limit = Parameter<Int>(
        description: ParameterDescription(
            name: "limit", meaning: "How many.",
            schema: Schema.integer(from: 1, to: maximumLimit).defaulting(to: "\(standardLimit)"))
    ) { parameters in
        let limit = try parameters.count("limit", cap: .max, default: Self.standardLimit)
        guard limit <= Self.maximumLimit else {
            throw Problem.parameter("limit", "It is a whole number of at most \(Self.maximumLimit).")
        }
        return limit
    }

    private static let entry = Shape<AuditEntry>(
        "AuditEntry",
        [
            Field("entry_id") { $0.id },
            Field("time") { $0.entry.time },
            Field("actor") { $0.entry.actor },
            Field("action") { $0.entry.action },
            Field("subject") { $0.entry.subject },
            Field("detail") { $0.entry.detail },
        ])
    private static let answer = Shape<[AuditEntry]>([
        Field("entries", Self.entry, to: Self.maximumLimit, list: { $0 })
    ])

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/api/audit", .administering, id: "audit", .administration,
                "What people changed, newest first",
                notes: "For administrators. Parameters of other names are refused.",
                parameters: [Self.limit.description, Self.before.description], refusesOtherParameters: true,
                answers: [.ok("The entries.", Self.answer.schema), .unavailable]
            ) { request, _ in
                let parameters = try request.parameters()
                let before = try parameters.value(of: Self.before)
                let limit = try parameters.value(of: Self.limit)
                let entries = try await withDeadline(self.deadline) {
                    try await self.audit.auditEntries(before: before, limit: limit)
                }
                return Self.answer.response(entries)
            }
        ]
    }
}
