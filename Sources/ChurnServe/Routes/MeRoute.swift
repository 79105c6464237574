import ChurnCore
import Hummingbird

/// `GET /api/me`: who has signed in, so that a page offers only what it may do.
struct MeRoute: EndpointGroup {
    /// A caller; nil where everyone may do everything.
    private struct Caller: Sendable {
        var principal: Principal?

        var roles: [String] { Role.allCases.filter { self.principal?.roles.contains($0) ?? true }.map(\.rawValue) }
        var mayWork: Bool { self.principal?.may([.agent]) ?? true }
    }

    private static let answer = Shape<Caller>([
        Field("name", "As interventions and the audit log have it; null where no one signs in.") { $0.principal?.name },
        Field("roles", "All of them where no one signs in.") { $0.roles },
        Field("may_work", "Whether it may log interventions and work on cases.") { $0.mayWork },
    ])

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/api/me", .signedIn, id: "me", .system, "Who has signed in",
                answers: [.ok("The caller.", Self.answer.schema)]
            ) { _, context in Self.answer.response(Caller(principal: context.principal)) }
        ]
    }
}
