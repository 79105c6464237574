import HTTPTypes
import Hummingbird

/// Refuses writes that a page of another origin could have made a browser send.
///
/// A browser sends JSON to another origin only after asking first, and says where a request comes from.
struct WriteScreen: RouterMiddleware {
    typealias Context = ServeContext

    let origins: OriginPolicy

    func handle(
        _ request: Request, context: ServeContext, next: (Request, ServeContext) async throws -> Response
    ) async throws -> Response {
        if let problem = self.judge(request) { throw problem }
        return try await next(request, context)
    }

    private func judge(_ request: Request) -> Problem? {
        if [.get, .head, .options].contains(request.method) { return nil }
        let origins = request.headers[values: .origin]
        let host = request.head.authority ?? ""
        guard origins.count <= 1, origins.allSatisfy({ self.origins.allows($0, host: host) }) else {
            return .foreignOrigin
        }
        // Where the browser sends no origin, it may still say that it is another.
        if origins.isEmpty, let site = request.headers[.secFetchSite], site != "same-origin", site != "none" {
            return .foreignOrigin
        }
        let types = request.headers[values: .contentType]
        let type = types.first?.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        guard types.count == 1, type == "application/json" else { return .unsupportedMediaType }
        return nil
    }
}

extension Problem {
    static let foreignOrigin = Problem(
        .forbidden, "foreign_origin", "Pages of another origin may not connect to this server.")
}

extension HTTPField.Name {
    fileprivate static var secFetchSite: Self { Self("Sec-Fetch-Site") ?? .origin }
}
