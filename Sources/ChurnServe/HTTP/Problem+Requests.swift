import HTTPTypes

extension Problem {
    /// A fault in one part of a request.
    struct Fault: Equatable, Sendable {
        /// The place of the part.
        enum Place: String, Sendable {
            case query, body
        }

        var place: Place
        /// A parameter's name, or a JSON Pointer into the body; of what the client chose, short plain names only.
        var name: String
        var detail: String

        /// The pointer to a member whose name the client chose; to the object, where that is no short plain name.
        static func pointer(_ object: String, to name: String) -> String {
            let isPlain =
                (1...40).contains(name.utf8.count)
                && name.utf8.allSatisfy { byte in
                    (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == 0x5F
                }
            return isPlain ? "\(object)/\(name)" : object
        }
    }

    static func parameter(_ name: String, _ detail: String) -> Problem {
        Problem(
            .badRequest, "bad_parameter", "A parameter of the query is wrong: \(name).",
            faults: [Fault(place: .query, name: name, detail: detail)])
    }

    static func body(_ faults: [Fault]) -> Problem {
        Problem(.badRequest, "bad_body", "Parts of the body are wrong.", faults: faults)
    }

    static func body(_ pointer: String, _ detail: String) -> Problem {
        .body([Fault(place: .body, name: pointer, detail: detail)])
    }

    static func methodNotAllowed(allow: String) -> Problem {
        Problem(
            .methodNotAllowed, "method_not_allowed", "This address does not take this method.", allow: allow)
    }

    static let malformedQuery = Problem(
        .badRequest, "malformed_query", "The query is not percent-encoded UTF-8 of the form name=value&name=value.")
    static let malformedJSON = Problem(
        .badRequest, "malformed_json", "The body is not one JSON object (RFC 8259), nested at most 32 deep.")
    static let repeatedName = Problem(
        .badRequest, "repeated_name", "An object of the body has a name twice (RFC 8259, section 4).")
    static let unsupportedMediaType = Problem(
        .unsupportedMediaType, "unsupported_media_type", "The body must be JSON: Content-Type: application/json.")
    static let noModel = Problem(
        .serviceUnavailable, "no_model", "This server has no model to score with. Ask one that has, or set model.",
        retryAfterSeconds: 60)
    static let impossibleAction = Problem(
        .conflict, "action_not_possible",
        "An action is not possible for this customer as it is then: its conditions do not hold, or it changes nothing.")
    static let notScorable = Problem(
        .unprocessableContent, "not_scorable", "The model cannot score a customer with these features.")
}
