import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Answers the handshake as NIO does, and then installs our own handler alone: NIO's frame decoder accepts what
/// RFC 6455 forbids.
final class StrictWebSocketUpgrader: NIOTypedHTTPServerProtocolUpgrader {
    typealias UpgradeResult = ConnectionKind

    let supportedProtocol = "websocket"
    let requiredUpgradeHeaders: [String] = []
    private let handshake: NIOTypedWebSocketServerUpgrader<ConnectionKind>
    private let install: @Sendable (any Channel) throws -> Void

    /// - Parameter install: adds the handlers of the upgraded connection, on its event loop.
    init(install: @escaping @Sendable (any Channel) throws -> Void) {
        self.install = install
        self.handshake = NIOTypedWebSocketServerUpgrader(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededFuture(.webSocket) })
    }

    func buildUpgradeResponse(
        channel: any Channel, upgradeRequest: HTTPRequestHead, initialResponseHeaders: HTTPHeaders
    ) -> EventLoopFuture<HTTPHeaders> {
        self.handshake.buildUpgradeResponse(
            channel: channel, upgradeRequest: upgradeRequest, initialResponseHeaders: initialResponseHeaders)
    }

    func upgrade(channel: any Channel, upgradeRequest: HTTPRequestHead) -> EventLoopFuture<ConnectionKind> {
        channel.eventLoop.makeCompletedFuture {
            try self.install(channel)
            return .webSocket
        }
    }
}
