import ChurnCore
import Hummingbird

/// `POST /api/broadcast-event` and `POST /api/update-churn-risk`: frames of other programs, for every WebSocket of this
/// process.
struct BroadcastRoutes: EndpointGroup {
    let hub: UpdateHub

    /// The largest body, in bytes; as large as an event that goes out whole.
    private static let maximumBodyBytes = 16 * 1024

    private static let status = Field<ExternalUpdate>("status", schema: .constant("success")) { _ in "success" }
    private static let sent = Shape<ExternalUpdate>([Self.status])
    private static let shown = Shape<ExternalUpdate>([
        Self.status, Field("data_broadcasted", schema: Self.frame) { JSONBytes($0.frame) },
    ])

    var endpoints: [Endpoint] {
        [
            self.endpoint("/api/broadcast-event", id: "broadcastEvent", Self.sent),
            self.endpoint("/api/update-churn-risk", id: "updateChurnRisk", Self.shown),
        ]
    }

    private func endpoint(_ path: String, id: String, _ answer: Shape<ExternalUpdate>) -> Endpoint {
        Endpoint(
            .post, path, .sending, id: id, .broadcasts, "Send a frame to every WebSocket",
            notes: "The frame is marked external and has no number. Types that the feed itself uses are refused.",
            body: Self.newFrame, answers: [.ok("It was sent.", answer.schema)]
        ) { request, _ in answer.response(try await self.broadcast(request)) }
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

    // MARK: Schemas

    /// What ``ExternalUpdate`` reads.
    private static var newFrame: Schema {
        let reserved = [
            "cursor", "gap", "skipped", "filter", "conflate", "authenticated", "pong", "error", "case_step", "case_due",
            "intervention_logged",
        ]
        let type = Schema.raw(
            type: "string",
            [
                "minLength": "1", "maxLength": "64", "pattern": JSONText.quoted("^[^\\u0000]*$"),
                "not": #"{"enum": \#(Schema.list(reserved))}"#,
            ])
        let payload = Schema.object()
            .meaning("Passed on as it is, without its members partition, number and previous.")
        return Schema.object([
            Schema.Property(name: "type", schema: type), Schema.Property(name: "payload", schema: payload),
        ])
        .meaning("Nested at most 64 deep, and without NUL in any text or name. Other members are ignored.")
        .named("NewFrame")
    }

    /// What ``ExternalUpdate`` writes.
    private static var frame: Schema {
        Schema.object([
            Schema.Property(name: "type", schema: .string),
            Schema.Property(name: "external", schema: .raw(["const": "true"])),
            Schema.Property(name: "payload", schema: .object()),
        ])
        .named("ExternalFrame")
    }
}
