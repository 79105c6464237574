import Hummingbird
import NIOCore

/// What a request carries through the routes.
struct ServeContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Names the request in its answer and in the log.
    let requestID: String
    /// Who is asking; nil on open routes, and where everyone may do everything.
    var principal: Principal?

    init(source: ApplicationRequestContextSource) {
        self.coreContext = CoreRequestContextStorage(source: source)
        self.requestID = RequestIdentity.next()
    }
}
