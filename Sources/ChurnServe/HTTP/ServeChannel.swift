import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOSSL

/// The kind that a connection turned out to be.
enum ConnectionKind: Sendable {
    case http(NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>)
    case webSocket
}

/// Opens the session of a WebSocket on its event loop.
typealias WebSocketSessionMaker = @Sendable (WebSocketRequest, any EventLoop) -> any WebSocketSession

/// HTTP/1.1 and WebSocket on one port.
struct ServeChannel: ServerChildChannel, HTTPChannelHandler {
    struct Value: ServerChildChannelValue {
        var channel: any Channel
        var kind: EventLoopFuture<ConnectionKind>
    }

    let responder: HTTPChannelHandler.Responder
    let front: ConnectionFront
    let limits: ServerLimits
    let metrics: ServeMetrics
    let registry: ConnectionRegistry
    /// The admission to WebSockets; nil for everyone.
    let admission: SocketAdmission?
    /// The sessions that open, by path.
    let webSockets: [String: WebSocketSessionMaker]

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        guard let grant = self.registry.add(channel) else {
            channel.close(promise: nil)
            return channel.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel)
        }
        return channel.eventLoop.makeCompletedFuture {
            Value(channel: channel, kind: try self.configure(channel, grant))
        }
    }

    func handle(value: Value, logger: Logger) async {
        switch try? await value.kind.get() {
        case .http(let channel): await self.handleHTTP(asyncChannel: channel, logger: logger)
        case .webSocket: try? await value.channel.closeFuture.get()
        case nil: try? await value.channel.close()
        }
    }

    /// Builds the pipeline: encoder, decoder, one exchange at a time, the gate, the upgrade.
    private func configure(_ channel: any Channel, _ grant: ConnectionGrant) throws -> EventLoopFuture<ConnectionKind> {
        try channel.syncOptions?.setOption(.tcpOption(.tcp_nodelay), value: 1)
        try channel.syncOptions?.setOption(
            .socketOption(.so_sndbuf), value: SocketOptionValue(self.limits.sendBufferBytes))
        let encoder = HTTPResponseEncoder()
        var decoderLimits = NIOHTTPDecoderLimitConfiguration()
        decoderLimits.maxHeaderFieldSize = self.limits.maximumHeaderBytes
        decoderLimits.maxHeaderListSize = self.limits.maximumHeaderBytes
        decoderLimits.maxHeaderFieldCount = self.limits.maximumHeaders
        let decoder = ByteToMessageHandler(
            HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: decoderLimits))
        let pipelining = HTTPServerPipelineHandler()
        let isSecure = self.front.certificate != nil
        let screen = self.front.screen(
            at: channel.localAddress, webSocketPaths: Set(self.webSockets.keys),
            maximumBodyBytes: self.limits.maximumBodyBytes)
        let gate = RequestGate(
            screen: screen, limits: self.limits, metrics: self.metrics, addresses: self.front.addresses,
            isBehindProxy: self.front.isBehindProxy, isSecure: isSecure, admission: self.admission, grant: grant,
            registry: self.registry)
        let boundGate = NIOLoopBound(gate, eventLoop: channel.eventLoop)
        let upgrade = NIOTypedHTTPServerUpgradeHandler<ConnectionKind>(
            httpEncoder: encoder, extraHTTPHandlers: [decoder, pipelining, gate],
            upgradeConfiguration: NIOTypedHTTPServerUpgradeConfiguration(
                upgraders: [StrictWebSocketUpgrader { try self.installWebSocket(on: $0, gate: boundGate.value) }],
                notUpgradingCompletionHandler: { channel in
                    channel.eventLoop.makeCompletedFuture {
                        .http(try Self.installHTTP(on: channel, isSecure: isSecure))
                    }
                }))
        if let certificate = self.front.certificate {
            // Its handshake counts to the time that the gate gives a new connection for its first request.
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: certificate.context))
        }
        try channel.pipeline.syncOperations.addHandlers([encoder, decoder, pipelining, gate, upgrade])
        return upgrade.upgradeResultFuture
    }

    private static func installHTTP(
        on channel: any Channel, isSecure: Bool
    ) throws -> NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart> {
        try channel.pipeline.syncOperations.addHandler(HTTP1ToHTTPServerCodec(secure: isSecure))
        return try NIOAsyncChannel(
            wrappingChannelSynchronously: channel,
            configuration: NIOAsyncChannel.Configuration(isOutboundHalfClosureEnabled: true))
    }

    private func installWebSocket(on channel: any Channel, gate: RequestGate) throws {
        guard let request = gate.webSocketRequest, let make = self.webSockets[request.path] else {
            throw ChannelError.inappropriateOperationForState
        }
        try channel.syncOptions?.setOption(
            .writeBufferWaterMark, value: ChannelOptions.Types.WriteBufferWaterMark(low: 64 * 1024, high: 256 * 1024))
        var session = make(request, channel.eventLoop)
        if let admission = self.admission {
            session = AuthenticatedSession(
                session, admission: admission, client: request.client, eventLoop: channel.eventLoop,
                times: AuthenticatedSession.Times(
                    signIn: TimeAmount(self.limits.signInTimeout), recheck: TimeAmount(self.limits.tokenCheckInterval)))
        }
        try channel.pipeline.syncOperations.addHandler(
            WebSocketHandler(session: session, limits: self.limits, metrics: self.metrics))
    }
}
