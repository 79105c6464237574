import HTTPTypes
import Hummingbird

/// An address of the server: method, path, who may call it, what it takes, what it answers, and what it does.
///
/// The router, the check of roles, `/openapi.json` and its page follow from these values; nothing else names an address.
struct Endpoint: Sendable {
    typealias Handler = @Sendable (Request, ServeContext) async throws -> Response

    /// The group under which the document lists it.
    enum Tag: String, CaseIterable, Sendable {
        case customers = "Customers"
        case cases = "Cases"
        case dashboard = "Dashboard"
        case history = "History"
        case scoring = "Scoring"
        case broadcasts = "Broadcasts"
        case administration = "Administration"
        case system = "System"
    }

    let method: HTTPRequest.Method
    /// The path, with names in braces for its variable parts.
    let path: String
    /// Who may call it.
    let access: RouteAccess
    /// A name that no other has: the operation's in the document.
    let id: String
    let tag: Tag
    let summary: String
    var notes: String?
    var parameters: [ParameterDescription] = []
    /// Whether parameters of other names are an error; otherwise they are ignored.
    var refusesOtherParameters = false
    /// The schema of the JSON body that it takes; nil for none.
    var body: Schema?
    let answers: [EndpointAnswer]
    let handler: Handler

    init(
        _ method: HTTPRequest.Method, _ path: String, _ access: RouteAccess, id: String, _ tag: Tag, _ summary: String,
        notes: String? = nil, parameters: [ParameterDescription] = [], refusesOtherParameters: Bool = false,
        body: Schema? = nil, answers: [EndpointAnswer], _ handler: @escaping Handler
    ) {
        (self.method, self.path, self.access, self.id) = (method, path, access, id)
        (self.tag, self.summary, self.notes) = (tag, summary, notes)
        (self.parameters, self.refusesOtherParameters) = (parameters, refusesOtherParameters)
        (self.body, self.answers, self.handler) = (body, answers, handler)
    }

    /// Its own answers and those that follow from what it takes and from who may call it.
    var allAnswers: [EndpointAnswer] {
        var all = self.answers
        let takesQuery = self.refusesOtherParameters || self.parameters.contains { $0.place == .query }
        if takesQuery || self.body != nil { all.append(.badRequest) }
        if self.body != nil { all += [.tooLarge, .unsupportedMediaType] }
        if self.access != .open { all += [.unauthorized, .forbidden, .tooMany] }
        return all + [.problem]
    }

    /// Answers a request; parameters of other names are refused first, where they are an error.
    func answer(_ request: Request, _ context: ServeContext) async throws -> Response {
        if self.refusesOtherParameters {
            try request.parameters().allowOnly(self.parameters.filter { $0.place == .query }.map(\.name))
        }
        if self.body != nil { context.wantBody(of: request) }
        return try await self.handler(request, context)
    }
}

extension Router<ServeContext> {
    /// Adds every endpoint, and answers 405 at its address for all other methods.
    func add(_ endpoints: [Endpoint]) {
        for endpoint in endpoints {
            self.on(RouterPath(endpoint.path), method: endpoint.method) { request, context in
                try await endpoint.answer(request, context)
            }
        }
        self.refuseOtherMethods()
    }
}
