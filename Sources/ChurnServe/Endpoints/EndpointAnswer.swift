import ChurnCore

/// An answer that an endpoint may give, as the document describes it.
struct EndpointAnswer: Sendable {
    /// The status, or `default`.
    let status: String
    let meaning: String
    /// The media types of the body, each with its schema.
    var content: [(type: String, schema: Schema)] = []
    /// The headers that it has beside the usual ones.
    var headers: [Header] = []
    /// The name under which the document holds it, where several endpoints share it.
    var name: String?

    struct Header: Sendable {
        var name: String
        var meaning: String
        var isAlwaysThere = false
        var schema = Schema.string
    }

    /// What the document holds where the answer is given.
    var json: String {
        self.name.map { "{\"$ref\": \(JSONText.quoted("#/components/responses/\($0)"))}" } ?? self.definition
    }

    /// The answer written out.
    var definition: String {
        var members = [#""description": \#(JSONText.quoted(self.meaning))"#]
        if !self.headers.isEmpty {
            let headers = self.headers.map { header in
                let required = header.isAlwaysThere ? #""required": true, "# : ""
                return """
                    \(JSONText.quoted(header.name)): {"description": \(JSONText.quoted(header.meaning)), \(required)\
                    "schema": \(header.schema.json)}
                    """
            }
            members.append(#""headers": {\#(headers.joined(separator: ", "))}"#)
        }
        if !self.content.isEmpty {
            let content = self.content.map { #""\#($0.type)": {"schema": \#($0.schema.json)}"# }
            members.append(#""content": {\#(content.joined(separator: ", "))}"#)
        }
        return "{\(members.joined(separator: ", "))}"
    }

    // MARK: Answers of an endpoint's own

    /// 200 with JSON.
    static func ok(_ meaning: String, _ schema: Schema, headers: [Header] = []) -> EndpointAnswer {
        EndpointAnswer(status: "200", meaning: meaning, content: [("application/json", schema)], headers: headers)
    }

    /// 200 with text of a media type, or of one of several.
    static func text(_ meaning: String, types: [String]) -> EndpointAnswer {
        EndpointAnswer(status: "200", meaning: meaning, content: types.map { ($0, .string) })
    }

    /// 201 with JSON.
    static func created(_ meaning: String, _ schema: Schema) -> EndpointAnswer {
        EndpointAnswer(status: "201", meaning: meaning, content: [("application/json", schema)])
    }

    // MARK: Answers that several endpoints share

    /// A failure, described by a problem (RFC 9457).
    private static func failure(
        _ status: String, _ name: String, _ meaning: String, headers: [Header] = []
    ) -> EndpointAnswer {
        EndpointAnswer(
            status: status, meaning: meaning, content: [("application/problem+json", Problem.schema)],
            headers: headers, name: name)
    }

    private static let retryAfter = Header(
        name: "Retry-After", meaning: "After how many seconds.", isAlwaysThere: true,
        schema: .string(pattern: "^[0-9]+$"))

    static let problem = failure("default", "Problem", "Any other failure.")
    static let badRequest = failure("400", "BadRequest", "A part of the request is wrong; errors names it.")
    static let unauthorized = failure(
        "401", "Unauthorized", "No credential came, or none that is valid.",
        headers: [Header(name: "WWW-Authenticate", meaning: "How to sign in.", isAlwaysThere: true)])
    static let forbidden = failure(
        "403", "Forbidden", "The credential does not allow this, or a page of another origin asks.")
    static let customerNotFound = failure("404", "NotFound", "There is no such customer.")
    static let caseNotFound = failure("404", "CaseNotFound", "There is no such case.")
    static let conflict = failure(
        "409", "Conflict",
        "Address and body name different customers, or an action is not possible for the customer.")
    static let caseConflict = failure(
        "409", "CaseConflict", "Someone changed the case since, or its status does not allow this step.")
    static let tooLarge = failure("413", "TooLarge", "The body is too large.")
    static let unsupportedMediaType = failure("415", "UnsupportedMediaType", "The body is not declared to be JSON.")
    static let upgradeRequired = failure("426", "UpgradeRequired", "A WebSocket opens here, and nothing else.")
    static let tooMany = failure(
        "429", "TooMany", "Too many requests in a short time, or too many connections.", headers: [retryAfter])
    static let unavailable = failure(
        "503", "Unavailable",
        "The store cannot be reached or takes too long, there is no model, or no place for an export. Try again later.",
        headers: [retryAfter])
    static let file = EndpointAnswer(
        status: "200", meaning: "The file; a connection that is cut before its end means that a part is missing.",
        content: [("text/csv", .string), ("application/x-ndjson", .string)],
        headers: [Header(name: "Content-Disposition", meaning: "The file's name.")], name: "File")
}
