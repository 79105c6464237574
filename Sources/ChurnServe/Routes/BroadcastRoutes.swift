import ChurnCore
import Hummingbird

/// `POST /api/broadcast-event` and `POST /api/update-churn-risk`: frames of other programs, for every WebSocket of this
/// process.
struct BroadcastRoutes {
    let hub: UpdateHub

    /// The largest body, in bytes; as large as an event that goes out whole.
    private static let maximumBodyBytes = 16 * 1024

    func add(to router: Router<ServeContext>) {
        router.post("/api/broadcast-event") { request, _ in
            _ = try await self.broadcast(request)
            return Response.json { $0.field("status", "success") }
        }
        router.post("/api/update-churn-risk") { request, _ in
            let update = try await self.broadcast(request)
            return Response.json { json in
                json.field("status", "success")
                json.field("data_broadcasted", json: update.frame)
            }
        }
    }

    private func broadcast(_ request: Request) async throws -> ExternalUpdate {
        let body = try await request.jsonBody(limit: Self.maximumBodyBytes)
        let update: ExternalUpdate
        do {
            update = try ExternalUpdate(json: body)
        } catch {
            throw Self.problem(for: error)
        }
        self.hub.broadcast(update.frame)
        return update
    }

    private static func problem(for fault: ExternalUpdate.Fault) -> Problem {
        switch fault {
        case .malformed: Problem(.badRequest, "malformed_json", "The body is not one JSON object (RFC 8259).")
        case .type:
            Problem(
                .badRequest, "bad_type",
                "The field type is a text of 1 to 64 characters, and none that the feed itself uses, such as cursor.")
        case .payload: Problem(.badRequest, "bad_payload", "The field payload is a JSON object.")
        }
    }
}
