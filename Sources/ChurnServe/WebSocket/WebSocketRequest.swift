import ChurnCore
import HTTPTypes

/// What a WebSocket was opened for.
struct WebSocketRequest: Equatable, Sendable {
    /// The endpoint.
    var path: String
    /// What the client wants of the feed.
    var wish = FeedWish()
    /// Who the client says it is, in the handshake.
    var credential = BearerCredential.absent
    /// Who it was found to be.
    var visitor: SocketVisitor?

    /// Reads the query; anything unknown is refused, so that a misspelt parameter never works by accident.
    static func make(path: String, query: Substring?) -> Result<WebSocketRequest, Problem> {
        var request = WebSocketRequest(path: path)
        for pair in (query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let text = parts.count == 2 ? String(parts[1].map { $0 == "+" ? " " : $0 }) : nil
            guard let value = text.flatMap(PercentEncoding.decode), let name = PercentEncoding.decode(String(parts[0]))
            else { return .failure(.unknownSocketParameter) }
            if let problem = request.wish.add(value, as: name) { return .failure(problem) }
        }
        return .success(request)
    }
}

/// What a client wants of the live feed when it connects.
struct FeedWish: Equatable, Sendable {
    /// Where to go on; nil for "at now".
    var cursor: UpdateCursor?
    var filter = UpdateFilter()
    var conflates = false

    /// Takes one parameter of the query; the problem where it is none.
    fileprivate mutating func add(_ value: String, as name: String) -> Problem? {
        switch name {
        case "cursor":
            guard self.cursor == nil else { return .unknownSocketParameter }
            guard let cursor = UpdateCursor(text: value) else { return .malformedCursor }
            self.cursor = cursor
        case "conflate":
            guard !self.conflates else { return .unknownSocketParameter }
            guard value == "customer" else {
                return Problem(.badRequest, "bad_parameter", "The only value of conflate is customer.")
            }
            self.conflates = true
        // Addresses are kept in histories and logs.
        case "token", "access_token":
            return Problem(
                .badRequest, "token_in_address",
                "A token is never part of an address. Send it as Authorization: Bearer, or as the first message.")
        default:
            guard let field = UpdateFilter.Field(rawValue: name) else { return .unknownSocketParameter }
            do {
                try self.filter.add(value, to: field)
            } catch {
                return Problem(.badRequest, "bad_parameter", error.detail.description)
            }
        }
        return nil
    }
}

extension Problem {
    fileprivate static let unknownSocketParameter = Problem(
        .badRequest, "unknown_parameter",
        """
        The parameters are cursor and conflate, each once, and band, segment, customer, type and event_type, \
        percent-encoded.
        """)
}
