import HTTPTypes
import Hummingbird

/// `GET /ws/updates`: a plain request where a WebSocket opens.
///
/// Upgrades are answered before the router; the description is of them.
struct FeedRoute: EndpointGroup {
    /// The address of the live feed.
    static let path = "/ws/updates"

    var endpoints: [Endpoint] {
        let filters = UpdateFilter.Field.allCases.map { field in
            ParameterDescription(
                name: field.rawValue, meaning: "Only updates of these; may be repeated.",
                schema: .array(of: .shortText), isRepeated: true)
        }
        return [
            Endpoint(
                // Says only that a WebSocket opens here; the socket itself signs in.
                .get, Self.path, .open, id: "updates", .system, "The live feed (WebSocket)",
                notes: """
                    Opens a WebSocket (RFC 6455) of text frames. A cursor from an earlier connection resumes it without \
                    a hole. Where a credential is needed, the handshake has it in its Authorization header, or the \
                    first message brings it. Values of one filter are alternatives; filters of several names apply \
                    together.
                    """,
                parameters: [
                    ParameterDescription(
                        name: "cursor", meaning: "Where to go on; without it, at now.", schema: .string),
                    ParameterDescription(
                        name: "conflate", meaning: "Only the newest of what waits for one customer.",
                        schema: .constant("customer")),
                ] + filters,
                answers: [
                    EndpointAnswer(status: "101", meaning: "The WebSocket is open."), .unauthorized, .forbidden,
                    .upgradeRequired, .tooMany, .unavailable,
                ]
            ) { _, _ in throw Problem.upgradeRequired }
        ]
    }
}
