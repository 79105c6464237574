import ChurnCore
import HTTPTypes
import Hummingbird

/// `GET /health/live` and `GET /health/ready`.
struct HealthRoutes: EndpointGroup {
    static let paths = ["/health/live", "/health/ready"]

    let board: HealthBoard
    /// Who reads what is wrong, which may name hosts and users, and not only that something is.
    var details = HealthDetails.everyone

    var endpoints: [Endpoint] {
        let (live, readiness) = (Self.live, Self.readiness)
        let (board, details) = (self.board, self.details)
        return [
            Endpoint(
                .get, "/health/live", .open, id: "live", .system, "Whether the process runs",
                answers: [.ok("It runs.", live.schema)]
            ) { _, _ in live.response(()) },
            Endpoint(
                .get, "/health/ready", .open, id: "ready", .system, "Whether every part is well",
                notes: """
                    Reasons and advice are for those who signed in as viewer, agent or admin, for everyone on the port \
                    of health and metrics alone, and where no one signs in, for this machine's own names.
                    """,
                answers: [
                    .ok("Every part is well.", readiness.schema),
                    EndpointAnswer(
                        status: "503", meaning: "A part is not well, with what to do.",
                        content: [("application/json", readiness.schema)]),
                ]
            ) { request, _ in
                let isDetailed = await details.areShown(to: request)
                return Self.answer(Report(components: board.all, isDetailed: isDetailed))
            },
        ]
    }

    /// The state of every part, with what is wrong or without.
    private struct Report {
        var components: [String: ComponentHealth]
        var isDetailed: Bool

        var isReady: Bool { self.components.values.allSatisfy(\.isReady) }
    }

    /// The state of a part.
    private struct Part {
        var health: ComponentHealth
        var isDetailed: Bool
    }

    private static func answer(_ report: Report) -> Response {
        var response = self.readiness.response(report)
        if !report.isReady {
            response.status = .serviceUnavailable
            response.headers[.retryAfter] = "1"
        }
        return response
    }

    private static let live = Shape<Void>([Field("status", schema: .constant("live")) { _ in "live" }])

    private static let readiness = Shape<Report>(
        "Readiness",
        [
            Field("status", schema: .choice(["ready", "not ready"])) { $0.isReady ? "ready" : "not ready" },
            Field(
                "components", schema: .object(others: .all(Self.component.schema)),
                members: { report, json in
                    for (name, health) in report.components.sorted(by: { $0.key < $1.key }) {
                        let part = Part(health: health, isDetailed: report.isDetailed)
                        json.field(name, object: { Self.component.write(part, to: &$0) })
                    }
                }),
        ])

    private static let component = Shape<Part>(
        "Component",
        [
            Field("status") { $0.health.status },
            Field.ifThere("reason") { $0.isDetailed ? $0.health.reason : nil },
            Field.ifThere("advice") { $0.isDetailed ? $0.health.advice : nil },
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
