import ChurnCore
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// An HTTP server on loopback with configured answers that keeps what it gets.
final class WebhookReceiver: Sendable {
    /// The reply to a request.
    enum Reply: Sendable {
        case status(Int, headers: [(String, String)] = [], text: String = "", times: Int = 1)
        /// No answer at all; the connection stays.
        case silence
        /// The connection ends without an answer.
        case hangUp
        /// An answer after some time.
        case late(Duration, status: Int)
        /// The head of an answer, and never its end.
        case unfinished(status: Int)
    }

    /// A request as it came.
    struct Message: Sendable {
        var path: String
        var headers: HTTPHeaders
        var body: [UInt8]
        var time: ContinuousClock.Instant
        var key: String { self.headers.first(name: "Idempotency-Key") ?? "" }
    }

    private struct State {
        var messages: [Message] = []
        var open = 0
        var mostOpen = 0
    }

    private final class Handler: ChannelInboundHandler, @unchecked Sendable {
        // Unchecked: used on its channel's event loop only.
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart
        let receiver: WebhookReceiver
        var head: HTTPRequestHead?
        var body: [UInt8] = []

        var isSilent = false

        init(receiver: WebhookReceiver) { self.receiver = receiver }

        func channelInactive(context: ChannelHandlerContext) {
            if self.isSilent { self.receiver.answered() }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch self.unwrapInboundIn(data) {
            case .head(let head):
                self.head = head
                self.body = []
            case .body(let buffer): self.body += buffer.readableBytesView
            case .end:
                guard let head else { return }
                let reply = self.receiver.took(
                    Message(path: head.uri, headers: head.headers, body: self.body, time: .now))
                self.answer(reply, context)
            }
        }

        private func answer(_ reply: Reply, _ context: ChannelHandlerContext) {
            switch reply {
            case .status(let code, let headers, let text, let times):
                let body = String(repeating: text, count: times)
                var fields = HTTPHeaders(headers)
                fields.add(name: "Content-Length", value: "\(body.utf8.count)")
                self.write(code, fields, context)
                context.write(self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
                context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
                self.receiver.answered()
            case .silence: self.isSilent = true
            case .hangUp:
                self.receiver.answered()
                context.close(promise: nil)
            case .late(let pause, let status):
                let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
                context.eventLoop.scheduleTask(in: .nanoseconds(Int64(pause / .nanoseconds(1)))) {
                    let (handler, context) = bound.value
                    handler.answer(.status(status), context)
                }
            case .unfinished(let status):
                self.write(status, ["Content-Length": "100"], context)
                context.flush()
                self.receiver.answered()
            }
        }

        private func write(_ code: Int, _ headers: HTTPHeaders, _ context: ChannelHandlerContext) {
            let head = HTTPResponseHead(
                version: .http1_1, status: HTTPResponseStatus(statusCode: code), headers: headers)
            context.write(self.wrapOutboundOut(.head(head)), promise: nil)
        }
    }

    private let state = Locked(State())
    private let reply: @Sendable (_ number: Int, Message) -> Reply
    private let channel = Locked<(any Channel)?>(nil)

    private init(_ reply: @escaping @Sendable (Int, Message) -> Reply) { self.reply = reply }

    /// Runs `body` beside a receiver.
    ///
    /// - Parameter reply: answers a request, of which it gets the number, from 0.
    static func with<Result>(
        tls: NIOSSLContext? = nil,
        _ reply: @escaping @Sendable (_ number: Int, Message) -> Reply = { _, _ in .status(200) },
        _ body: (WebhookReceiver) async throws -> Result
    ) async throws -> Result {
        let receiver = WebhookReceiver(reply)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
                    }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(Handler(receiver: receiver))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        receiver.channel.withLock { $0 = channel }
        do {
            let result = try await body(receiver)
            try await channel.close()
            return result
        } catch {
            try? await channel.close()
            throw error
        }
    }

    var port: Int { self.channel.withLock { $0?.localAddress?.port } ?? 0 }
    var url: Secret<String> { Secret("http://127.0.0.1:\(self.port)/hook?token=canary-url") }
    var messages: [Message] { self.state.withLock { $0.messages } }
    /// The most requests that were open at once.
    var mostOpen: Int { self.state.withLock { $0.mostOpen } }

    private func took(_ message: Message) -> Reply {
        let number = self.state.withLock { state in
            state.messages.append(message)
            state.open += 1
            state.mostOpen = max(state.mostOpen, state.open)
            return state.messages.count - 1
        }
        return self.reply(number, message)
    }

    private func answered() { self.state.withLock { $0.open -= 1 } }
}
