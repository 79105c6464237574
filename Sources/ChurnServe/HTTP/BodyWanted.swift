import HTTPTypes
import Hummingbird

/// Says to the gate that the body will be read, so that a client that waits for status 100 sends it.
struct BodyWanted: Sendable {}

extension ServeContext {
    /// Asks for the body of a request whose sender waits until it is wanted.
    func wantBody(of request: Request) {
        guard request.headers[.expect] != nil else { return }
        self.channel.triggerUserOutboundEvent(BodyWanted(), promise: nil)
    }
}
