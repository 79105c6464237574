import ChurnCore
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Turns every failure into a problem, and puts on every answer what it must carry.
struct AnswerMiddleware: RouterMiddleware {
    typealias Context = ServeContext

    let metrics: ServeMetrics
    /// The caller's; Hummingbird's own is kept quiet, so that a request's would write nothing below notice.
    let logger: Logger
    /// The pages that people see where an address is not there; nil for none.
    var pages: DashboardRoutes?
    /// Whether the server speaks TLS.
    var isSecure = false

    func handle(
        _ request: Request, context: ServeContext, next: (Request, ServeContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        // Of an address that is not there, the router gives a name of its own only when it refuses it.
        let isNowhere = context.endpointPath == nil
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            let problem = Self.problem(for: error)
            if problem.status.kind == .serverError {
                self.logger.log(
                    level: problem.status == .internalServerError ? .info : .debug, "A request failed",
                    metadata: [
                        "churn.request.id": "\(context.requestID)", "churn.code": "\(problem.code)",
                        "churn.error": "\(Self.name(of: error))",
                    ])
            }
            let page = isNowhere ? self.pages?.page(for: request) : nil
            response = page ?? problem.response(requestID: context.requestID)
        }
        response.headers[values: .requestID] = [context.requestID]
        for (name, value) in Self.headers where response.headers[name] == nil { response.headers[name] = value }
        if self.isSecure { response.headers[.strictTransportSecurity] = StrictTransport.value }
        self.metrics.answered(
            route: context.endpointPath ?? "none", status: response.status.code, after: .now - start)
        return response
    }

    private static let headers: [(HTTPField.Name, String)] = [
        (.cacheControl, "no-store"), (.xContentTypeOptions, "nosniff"), (.referrerPolicy, "no-referrer"),
        (.contentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'"),
        (.crossOriginResourcePolicy, "same-origin"),
    ]

    /// Returns the log's name of an error: our own are built from authored texts, any other may hold a client's.
    private static func name(of error: any Error) -> String {
        error is ChurnError ? "\(error)" : "\(type(of: error))"
    }

    /// The problem that a client gets for an error.
    ///
    /// An error's own text never is.
    static func problem(for error: any Error) -> Problem {
        switch error {
        case let problem as Problem: problem
        case is NIOTooManyBytesError: .bodyTooLarge
        case let error as HTTPError: .status(error.status)
        case let error as ChurnError where error.code == .timedOut: .timedOut
        case let error as any ClassifiedError: error.disposition == .retry ? .storeUnavailable : .internalError
        default: .internalError
        }
    }
}

/// The header by which browsers reach this host by TLS only (RFC 6797); other hosts of the domain are out of scope.
enum StrictTransport {
    static let value = "max-age=31536000"
}

extension HTTPField.Name {
    fileprivate static func known(_ name: StaticString) -> Self { Self(name.description) ?? .server }
    fileprivate static let requestID = known("X-Request-Id")
    fileprivate static let referrerPolicy = known("Referrer-Policy")
    fileprivate static let crossOriginResourcePolicy = known("Cross-Origin-Resource-Policy")
}

extension ContinuousClock.Instant {
    fileprivate static func - (a: Self, b: Self) -> Duration { b.duration(to: a) }
}
