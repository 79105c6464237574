import HTTPTypes
import Hummingbird

/// Informs browsers which pages of other origins may read answers: those of the configured list, and no others.
///
/// Credentials of a browser's own, such as cookies, are never asked for: they mean nothing here.
struct CrossOriginMiddleware: RouterMiddleware {
    typealias Context = ServeContext

    let origins: OriginPolicy

    func handle(
        _ request: Request, context: ServeContext, next: (Request, ServeContext) async throws -> Response
    ) async throws -> Response {
        guard let origin = request.headers[.origin], self.origins.isListed(origin) else {
            return try await next(request, context)
        }
        var response: Response
        if request.method == .options, request.headers[.accessControlRequestMethod] != nil {
            response = Response(
                status: .noContent,
                headers: [
                    .accessControlAllowMethods: "GET, POST",
                    .accessControlAllowHeaders: "Authorization, Content-Type",
                    .accessControlMaxAge: "600",
                ])
        } else {
            response = try await next(request, context)
        }
        response.headers[.accessControlAllowOrigin] = origin
        response.headers[.accessControlExposeHeaders] = "X-Request-Id, Retry-After"
        response.headers[.vary] = "Origin"
        return response
    }
}
