import ChurnCore
import NIOCore
import NIOPosix
import NIOSSL

/// A TCP client that sends what it is given, however wrong, and keeps what comes back.
final class RawClient: Sendable {
    private struct State {
        var received: [UInt8] = []
        var isClosed = false
    }

    private final class Collector: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        let client: RawClient
        init(client: RawClient) { self.client = client }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let buffer = Self.unwrapInboundIn(data)
            self.client.state.withLock { $0.received.append(contentsOf: buffer.readableBytesView) }
            guard self.client.answersPings else { return }
            // On the event loop, so that a busy test is no slow client. JSON has no byte 0x89.
            let pings = buffer.readableBytesView.count { $0 == 0x89 }
            for _ in 0..<pings {
                let pong = ByteBuffer(bytes: ClientFrame.masked(0x8A, []))
                context.writeAndFlush(Self.wrapOutboundOut(pong), promise: nil)
            }
        }
        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case ChannelEvent.inputClosed = event { self.client.state.withLock { $0.isClosed = true } }
        }
        func channelInactive(context: ChannelHandlerContext) { self.client.state.withLock { $0.isClosed = true } }
        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            self.client.state.withLock { $0.isClosed = true }
            context.close(promise: nil)
        }
    }

    private let state = Locked(State())
    private let channel = Locked<(any Channel)?>(nil)
    private let answersPings: Bool

    private init(answersPings: Bool) { self.answersPings = answersPings }

    /// - Parameter receiveBuffer: a small one makes a client that takes little before it reads.
    static func connect(
        port: Int, receiveBuffer: Int? = nil, answersPings: Bool = false, tls: NIOSSLContext? = nil
    ) async throws -> RawClient {
        let client = RawClient(answersPings: answersPings)
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        let handler = try NIOSSLClientHandler(context: tls, serverHostname: "localhost")
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    try channel.pipeline.syncOperations.addHandler(Collector(client: client))
                }
            }
        if let receiveBuffer {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: receiveBuffer)
        }
        let channel = try await bootstrap.connect(host: "127.0.0.1", port: port).get()
        client.channel.withLock { $0 = channel }
        return client
    }

    var received: [UInt8] { self.state.withLock { $0.received } }
    var text: String { String(decoding: self.received, as: UTF8.self) }
    var isClosed: Bool { self.state.withLock { $0.isClosed } }

    func send(_ bytes: [UInt8]) async throws {
        guard let channel = self.channel.withLock({ $0 }) else { return }
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    func send(_ text: String) async throws { try await self.send(Array(text.utf8)) }

    /// Sends FIN and goes on reading.
    func finish() async throws { try await self.channel.withLock { $0 }?.close(mode: .output) }

    func close() { self.channel.withLock { $0 }?.close(promise: nil) }

    func setReads(_ reads: Bool) async throws {
        try await self.channel.withLock { $0 }?.setOption(.autoRead, value: reads).get()
    }
}
