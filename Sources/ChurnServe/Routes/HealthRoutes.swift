import ChurnCore
import HTTPTypes
import Hummingbird

/// `GET /health/live` and `GET /health/ready`.
struct HealthRoutes: EndpointGroup {
    static let paths = ["/health/live", "/health/ready"]

    let board: HealthBoard

    var endpoints: [Endpoint] {
        let (live, readiness) = (Self.live, Self.readiness)
        let board = self.board
        return [
            Endpoint(
                .get, "/health/live", .open, id: "live", .system, "Whether the process runs",
                answers: [.ok("It runs.", live.schema)]
            ) { _, _ in live.response(()) },
            Endpoint(
                .get, "/health/ready", .open, id: "ready", .system, "Whether every part is well",
                answers: [
                    .ok("Every part is well.", readiness.schema),
                    EndpointAnswer(
                        status: "503", meaning: "A part is not well, with what to do.",
                        content: [("application/json", readiness.schema)]),
                ]
            ) { _, _ in Self.answer(board.all) },
        ]
    }

    private static func answer(_ components: [String: ComponentHealth]) -> Response {
        var response = self.readiness.response(components)
        if !components.isReady {
            response.status = .serviceUnavailable
            response.headers[.retryAfter] = "1"
        }
        return response
    }

    private static let live = Shape<Void>([Field("status", schema: .constant("live")) { _ in "live" }])

    private static let readiness = Shape<[String: ComponentHealth]>(
        "Readiness",
        [
            Field("status", schema: .choice(["ready", "not ready"])) { $0.isReady ? "ready" : "not ready" },
            Field(
                "components", schema: .object(others: .all(Self.component.schema)),
                members: { components, json in
                    for (name, health) in components.sorted(by: { $0.key < $1.key }) {
                        json.field(name, object: { Self.component.write(health, to: &$0) })
                    }
                }),
        ])

    private static let component = Shape<ComponentHealth>([
        Field("status") { $0.status },
        Field.ifThere("reason") { $0.reason },
        Field.ifThere("advice") { $0.advice },
    ])
}

private enum ComponentStatus: String, NamedAnswerValue {
    case healthy, starting, degraded, failing
}

extension ComponentHealth {
    fileprivate var status: ComponentStatus {
        switch self {
        case .healthy: .healthy
        case .starting: .starting
        case .degraded: .degraded
        case .failing: .failing
        }
    }
}

extension [String: ComponentHealth] {
    fileprivate var isReady: Bool { self.values.allSatisfy(\.isReady) }
}
