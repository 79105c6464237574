import ChurnCore
import HTTPTypes

/// A request for a WebSocket.
struct WebSocketRequest: Equatable, Sendable {
    /// The endpoint.
    var path: String
    /// The client's options of the feed.
    var options = SubscriptionOptions()
    /// The client's credential, in the handshake.
    var credential = BearerCredential.absent
    /// The authenticated client.
    var client: AuthenticatedClient?
}

/// A client's options of the live feed when it connects.
struct SubscriptionOptions: Equatable, Sendable {
    /// The cursor at which to go on; nil for "at now".
    var cursor: UpdateCursor?
    var filter = UpdateFilter()
    var conflates = false
    /// Whether a gap ends the connection, for clients that must not go on behind one.
    var closesOnGap = false

    /// Wants all there is, from now on or from a cursor.
    init(cursor: UpdateCursor? = nil, conflates: Bool = false) {
        self.cursor = cursor
        self.conflates = conflates
    }

    /// Reads the query; anything unknown is refused, so that a misspelt parameter never works by accident.
    init(_ parameters: QueryParameters) throws {
        // Addresses are kept in histories and logs.
        if parameters.names.contains("token") || parameters.names.contains("access_token") {
            throw Problem.tokenInAddress
        }
        let fields = UpdateFilter.Field.allCases
        try parameters.allowOnly(["cursor", "conflate", "gap"] + fields.map(\.rawValue))
        // A cursor names every partition; the address as a whole is bounded.
        if let text = try parameters.text("cursor", longest: .max) {
            guard let cursor = UpdateCursor(text: text) else { throw Problem.malformedCursor }
            self.cursor = cursor
        }
        if let text = try parameters.text("conflate") {
            guard text == "customer" else { throw Problem.parameter("conflate", "Its only value is customer.") }
            self.conflates = true
        }
        if let text = try parameters.text("gap") {
            guard text == "close" else { throw Problem.parameter("gap", "Its only value is close.") }
            self.closesOnGap = true
        }
        for field in fields {
            for value in try parameters.texts(field.rawValue, limit: UpdateFilter.maximumValues) {
                do {
                    try self.filter.add(value, to: field)
                } catch {
                    throw Problem.parameter(field.rawValue, error.detail.description)
                }
            }
        }
    }
}

extension Problem {
    fileprivate static let tokenInAddress = Problem(
        .badRequest, "token_in_address",
        "A token is never part of an address. Send it as Authorization: Bearer, or as the first message.")
}
