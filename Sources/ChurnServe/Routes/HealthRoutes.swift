import ChurnCore
import HTTPTypes
import Hummingbird
import NIOCore

/// `GET /health/live` and `GET /health/ready`.
struct HealthRoutes {
    let board: HealthBoard

    func add(to router: Router<ServeContext>) {
        router.get("/health/live") { _, _ in
            Response.json { $0.field("status", "live") }
        }
        router.get("/health/ready") { _, _ in Self.answer(self.board.all) }
    }

    static func answer(_ components: [String: ComponentHealth]) -> Response {
        let isReady = components.values.allSatisfy(\.isReady)
        var response = Response.json { json in
            json.field("status", isReady ? "ready" : "not ready")
            json.field("components", object: { Self.write(components, to: &$0) })
        }
        if !isReady {
            response.status = .serviceUnavailable
            response.headers[.retryAfter] = "1"
        }
        return response
    }

    private static func write(_ components: [String: ComponentHealth], to json: inout JSONWriter) {
        for (name, health) in components.sorted(by: { $0.key < $1.key }) {
            json.field(name, object: { Self.write(health, to: &$0) })
        }
    }

    private static func write(_ health: ComponentHealth, to json: inout JSONWriter) {
        switch health {
        case .healthy: json.field("status", "healthy")
        case .starting: json.field("status", "starting")
        case .degraded(let reason, let advice):
            json.field("status", "degraded")
            json.field("reason", reason)
            json.field("advice", advice)
        case .failing(let reason, let advice):
            json.field("status", "failing")
            json.field("reason", reason)
            json.field("advice", advice)
        }
    }
}

extension Response {
    /// An answer of one JSON object.
    static func json(_ body: (inout JSONWriter) -> Void) -> Response {
        var json = JSONWriter()
        json.object(body)
        return Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: json.buffer))
    }
}
