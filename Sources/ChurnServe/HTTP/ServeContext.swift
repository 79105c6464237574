import ChurnCore
import Hummingbird
import NIOCore

/// The context of a request on its way through the routes.
struct ServeContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Names the request in its answer and in the log.
    let requestID: String
    /// The connection.
    let channel: any Channel
    /// The caller; nil on open routes, and where everyone may do everything.
    var principal: Principal?

    init(source: ApplicationRequestContextSource) {
        self.coreContext = CoreRequestContextStorage(source: source)
        self.channel = source.channel
        self.requestID = RequestIdentity.next()
    }
}
