import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
    /// The members of the JSON object that is the body.
    ///
    /// - Throws: a problem of status 415 where the body says that it is anything else, 413 where it is too large, and
    ///   400 where it is not what it says.
    func jsonObject(most bytes: Int) async throws -> [String: JSONValue] {
        let type = self.headers[.contentType]?.split(separator: ";", maxSplits: 1).first
        guard let type, type.filter({ $0 != " " && $0 != "\t" }).lowercased() == "application/json" else {
            throw Problem.unsupportedMediaType
        }
        let body = try await self.body.collect(upTo: bytes)
        guard case .object(let members)? = JSONValue.parse(Array(body.readableBytesView)) else {
            throw Problem.malformedJSON
        }
        return members
    }

    /// The parameters of the query.
    func parameters() throws -> QueryParameters { try QueryParameters(self.uri.query) }
}

extension ServeContext {
    /// No id is longer; a longer text is no id.
    private static let maximumIDBytes = 256

    /// The customer that the path names.
    func customerID() throws -> String {
        guard let id = self.parameters.get("id").flatMap(PercentEncoding.decode), Self.isCustomerID(id) else {
            throw Problem.customerNotFound
        }
        return id
    }

    /// Whether a text can be a customer's id.
    static func isCustomerID(_ id: String) -> Bool {
        !id.isEmpty && id.utf8.count <= Self.maximumIDBytes && !id.utf8.contains(0)
    }
}

extension Router<ServeContext> {
    private static let methods: [HTTPRequest.Method] = [
        .get, .head, .post, .put, .patch, .delete, .options, .trace, .connect,
    ]

    /// Answers 405, with the methods that there are, at every address that has a route; call it after all routes.
    func refuseOtherMethods() {
        let routes = Dictionary(grouping: self.routes, by: \.path.description)
        for known in routes.values {
            var methods = Set(known.map(\.method))
            if methods.contains(.get) { methods.insert(.head) }
            let allow = methods.map(\.rawValue).sorted().joined(separator: ", ")
            for method in Self.methods where !methods.contains(method) {
                self.on(known[0].path, method: method) { _, _ -> Response in
                    throw Problem.methodNotAllowed(allow: allow)
                }
            }
        }
    }
}
