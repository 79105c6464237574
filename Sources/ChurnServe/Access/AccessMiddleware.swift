import HTTPTypes
import Hummingbird

/// Lets a request through to its route where ``RouteAccess`` allows it to whoever sent it.
///
/// The credential comes in the Authorization header and nowhere else: addresses end up in logs and histories.
struct AccessMiddleware: RouterMiddleware {
    typealias Context = ServeContext

    let access: AccessControl
    let limiter: RateLimiter
    let deadline: Duration

    func handle(
        _ request: Request, context: ServeContext, next: (Request, ServeContext) async throws -> Response
    ) async throws -> Response {
        // Nothing is at this address: whoever asks is told so.
        guard let path = context.endpointPath else { return try await next(request, context) }
        guard let rule = RouteAccess.of(request.method, path) else {
            throw RouteAccess.methods(at: path).map { Problem.methodNotAllowed(allow: $0) } ?? Problem.notAllowed
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
        let values = request.headers[values: .authorization]
        guard !values.isEmpty else { throw Problem.credentialMissing }
        guard values.count == 1, let token = Self.bearerToken(in: values[0]) else { throw Problem.credentialRefused }
        let found = try await withDeadline(self.deadline) { try await authenticator.principal(for: token) }
        guard let found else { throw Problem.credentialRefused }
        return found
    }

    /// The token of `Bearer TOKEN`; nil where the header says anything else.
    static func bearerToken(in header: String) -> String? {
        let words = header.split(separator: " ", omittingEmptySubsequences: true)
        guard words.count == 2, words[0].lowercased() == "bearer" else { return nil }
        return String(words[1])
    }
}

extension Problem {
    static let credentialMissing = Problem(
        .unauthorized, "credential_missing", "Send an API key or a token: `Authorization: Bearer ...`.",
        challenge: #"Bearer realm="churn""#)
    static let credentialRefused = Problem(
        .unauthorized, "credential_refused", "The credential is not known, not valid, or not valid any more.",
        challenge: #"Bearer realm="churn", error="invalid_token""#)
    static let notAllowed = Problem(
        .forbidden, "not_allowed", "The credential does not allow this. An administrator gives out roles.")
    static let tooManyRequests = Problem(
        .tooManyRequests, "too_many_requests", "Too many requests in a short time. Send fewer, and wait a moment.",
        retryAfterSeconds: 1)
}
