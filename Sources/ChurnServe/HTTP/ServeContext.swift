import Hummingbird
import NIOCore

/// What a request carries through the routes.
struct ServeContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Names the request in its answer and in the log.
    let requestID: String

    init(source: ApplicationRequestContextSource) {
        self.coreContext = CoreRequestContextStorage(source: source)
        self.requestID = RequestIdentity.next()
    }
}
