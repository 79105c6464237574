import ChurnCore
import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
    /// The body, where it says that it is JSON.
    ///
    /// - Throws: a problem of status 415 where it says that it is anything else, what is answered as 413 where it is
    ///   too large, and a problem of status 400 where a name stands twice in an object.
    func jsonBody(limit bytes: Int) async throws -> [UInt8] {
        let type = self.headers[.contentType]?.split(separator: ";", maxSplits: 1).first
        guard let type, type.filter({ $0 != " " && $0 != "\t" }).lowercased() == "application/json" else {
            throw Problem.unsupportedMediaType
        }
        let body = Array(try await self.body.collect(upTo: bytes).readableBytesView)
        guard RepeatedJSONKey.first(in: body) == nil else { throw Problem.repeatedName }
        return body
    }

    /// The members of the JSON object that is the body.
    ///
    /// - Throws: as ``jsonBody(limit:)``, and a problem of status 400 where the body is not what it says.
    func jsonObject(limit bytes: Int) async throws -> [String: JSONValue] {
        guard case .object(let members)? = JSONValue.parse(try await self.jsonBody(limit: bytes)) else {
            throw Problem.malformedJSON
        }
        return members
    }

    /// The parameters of the query.
    func parameters() throws -> QueryParameters { try QueryParameters(self.uri.query) }
}

extension ServeContext {
    /// No id is longer; a longer text is no id.
    private static let maximumIDLength = 256

    /// The customer that the address names: in its path, or in its query where the path has a dash in that place.
    ///
    /// Not every id can stand in a path: proxies and browsers change slashes, dots and what is encoded.
    func customerID(_ request: Request) throws -> String {
        let part = self.parameters.get("id").flatMap(PercentEncoding.decode)
        let named = try request.parameters().value(of: Parameter.customerIDInQuery)
        guard let id = part == "-" ? named ?? part : part, Self.isCustomerID(id) else { throw Problem.customerNotFound }
        return id
    }

    /// Returns whether a text can be a customer's id.
    static func isCustomerID(_ id: String) -> Bool {
        !id.isEmpty && id.unicodeScalars.count <= Self.maximumIDLength && !id.utf8.contains(0)
    }
}

extension Router<ServeContext> {
    private static let methods: [HTTPRequest.Method] =
        [
            .get, .head, .post, .put, .patch, .delete, .options, .trace, .connect,
        ] + [HTTPRequest.Method("QUERY")].compactMap { $0 }

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
