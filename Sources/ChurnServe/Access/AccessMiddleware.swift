import ChurnCore
import HTTPTypes
import Hummingbird

/// Passes a request on to its endpoint where the endpoint's ``RouteAccess`` allows it to the sender.
struct AccessMiddleware: RouterMiddleware {
    typealias Context = ServeContext

    let table: AccessTable
    let access: AccessControl
    let limiter: RateLimiter
    let deadline: Duration

    func handle(
        _ request: Request, context: ServeContext, next: (Request, ServeContext) async throws -> Response
    ) async throws -> Response {
        // Nothing is at this address, and any client may know that.
        guard let path = context.endpointPath else { return try await next(request, context) }
        guard let rule = self.table.rule(request.method, path) else {
            throw self.table.methods(at: path).map { Problem.methodNotAllowed(allow: $0) } ?? Problem.notAllowed
        }
        guard case .roles(let roles) = rule, let authenticator = self.access.authenticator else {
            return try await next(request, context)
        }
        let principal = try await self.principal(of: request, by: authenticator)
        guard self.limiter.take(principal.name) else { throw Problem.tooManyRequests }
        guard principal.may(roles) else { throw Problem.notAllowed }
        var context = context
        context.principal = principal
        return try await next(request, context)
    }

    private func principal(of request: Request, by authenticator: any Authenticator) async throws -> Principal {
        switch BearerCredential(request.headers[values: .authorization]) {
        case .absent: throw Problem.credentialMissing
        case .malformed: throw Problem.credentialRefused
        case .token(let token):
            let found = try await withDeadline(self.deadline) { try await authenticator.principal(for: token) }
            guard let found else { throw Problem.credentialRefused }
            return found
        }
    }
}
