import ChurnCore
import HTTPTypes
import NIOCore
import NIOHTTP1

/// Stands before everything that answers requests: screens heads, counts bodies, keeps the times, and answers what is
/// refused by itself.
///
/// One exchange at a time comes here, for NIO's pipelining handler stands before it.
final class RequestGate: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Phase {
        case awaitingHead
        case exchange(Exchange)
        /// The token of a request for a WebSocket is being looked up.
        case authenticating(HTTPRequestHead, hasEnded: Bool)
        /// Answered and ending: what still comes is not read.
        case refused
    }

    private struct Exchange {
        var closes: Bool
        var bodyBytes = 0
        var requestEnded = false
        var responseBegan = false
        var responseEnded = false
        /// The answer's length is not known beforehand: it may take long, as long as the client takes it.
        var isStreamed = false
        /// The client sends the body only after status 100 (RFC 9110, section 10.1.1).
        var awaitsContinue = false
    }

    private let screen: RequestScreen
    private let limits: ServerLimits
    private let metrics: ServeMetrics
    private let addresses: RateLimiter
    private let isBehindProxy: Bool
    private let isSecure: Bool
    private let admission: SocketAdmission?
    private let grant: ConnectionGrant
    private let registry: ConnectionRegistry?
    /// The place of a proxy's client, for as long as it has an exchange here.
    private var place: AddressPlaces.Place?
    private var wasProbe = false
    private var phase = Phase.awaitingHead
    private var isFirst = true
    private var deadline: Scheduled<Void>?
    /// The request of the WebSocket that this connection becomes.
    private(set) var webSocketRequest: WebSocketRequest?

    /// - Parameters:
    ///   - admission: who may open WebSockets; nil for everyone.
    ///   - grant: what the connection may ask for.
    ///   - registry: counts the exchanges of a proxy's clients; nil where they are not counted.
    init(
        screen: RequestScreen, limits: ServerLimits, metrics: ServeMetrics, addresses: RateLimiter,
        isBehindProxy: Bool, isSecure: Bool, admission: SocketAdmission?, grant: ConnectionGrant = .all,
        registry: ConnectionRegistry? = nil
    ) {
        self.screen = screen
        self.limits = limits
        self.metrics = metrics
        self.addresses = addresses
        self.isBehindProxy = isBehindProxy
        self.isSecure = isSecure
        self.admission = admission
        self.grant = grant
        self.registry = registry
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let limits = self.limits
        let time = self.grant == .all ? limits.headerTimeout : min(limits.headerTimeout, limits.probeTimeout)
        self.expect(within: time, context: context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.deadline?.cancel()
        if case .probe(let reason) = self.grant, !self.wasProbe { self.registry?.refused(reason) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (self.unwrapInboundIn(data), self.phase) {
        case (_, .refused): break
        case (.head(let head), _): self.receive(head, context: context)
        case (.body(let bytes), .exchange(var exchange)):
            exchange.bodyBytes += bytes.readableBytes
            exchange.awaitsContinue = false
            self.phase = .exchange(exchange)
            guard exchange.bodyBytes <= self.limits.maximumBodyBytes else {
                if exchange.responseBegan { return context.close(promise: nil) }
                return self.refuse(.bodyTooLarge, context: context)
            }
            context.fireChannelRead(data)
        case (.end, .exchange(var exchange)):
            exchange.requestEnded = true
            self.phase = .exchange(exchange)
            context.fireChannelRead(data)
            self.finishExchange(context: context)
        case (.end, .authenticating(let head, _)): self.phase = .authenticating(head, hasEnded: true)
        case (.body, .authenticating): self.refuse(.malformedRequest, context: context)
        // Only the end of a request that becomes a WebSocket comes in this phase.
        case (_, .awaitingHead): context.fireChannelRead(data)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .exchange(var exchange) = self.phase else { return context.write(data, promise: promise) }
        switch self.unwrapOutboundIn(data) {
        case .head(var head):
            exchange.responseBegan = true
            exchange.isStreamed = !head.headers.contains(name: "content-length")
            // Without status 100 no one knows whether the client sends the body all the same.
            if exchange.awaitsContinue { exchange.closes = true }
            self.phase = .exchange(exchange)
            if exchange.closes { head.headers.replaceOrAdd(name: "connection", value: "close") }
            context.write(self.wrapOutboundOut(.head(head)), promise: promise)
        case .body:
            context.write(data, promise: promise)
            // The next part is written only when the client has taken most of the ones before.
            if exchange.isStreamed { self.expect(within: self.limits.exchangeTimeout, context: context) }
        case .end where exchange.awaitsContinue:
            context.writeAndFlush(data, promise: promise)
            self.phase = .refused
            context.close(mode: .output, promise: nil)
            self.expect(within: self.limits.closeTimeout, context: context)
        case .end:
            context.write(data, promise: promise)
            guard case .exchange(var exchange) = self.phase else { return }
            exchange.responseEnded = true
            self.phase = .exchange(exchange)
            self.finishExchange(context: context)
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is BodyWanted else { return context.triggerUserOutboundEvent(event, promise: promise) }
        promise?.succeed(())
        guard case .exchange(var exchange) = self.phase, exchange.awaitsContinue, !exchange.responseBegan else {
            return
        }
        exchange.awaitsContinue = false
        self.phase = .exchange(exchange)
        let head = HTTPResponseHead(version: .http1_1, status: .continue)
        context.writeAndFlush(self.wrapOutboundOut(.head(head)), promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else {
            context.fireErrorCaught(error)
            return context.close(promise: nil)
        }
        // A client that went away within a request gets no answer, nor does anyone on a closing channel.
        if case .invalidEOFState = error { return context.close(promise: nil) }
        switch self.phase {
        case .awaitingHead:
            if case .headerOverflow = error { return self.refuse(.headersTooLarge, context: context) }
            self.refuse(.malformedRequest, context: context)
        case .exchange(let exchange) where !exchange.responseBegan: self.refuse(.malformedRequest, context: context)
        case .exchange, .authenticating, .refused: context.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch (event, self.phase) {
        case (ChannelEvent.inputClosed, .awaitingHead), (ChannelEvent.inputClosed, .refused):
            context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    private func receive(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
        let requester = RequesterAddress.key(
            of: context.remoteAddress, headers: head.headers, isBehindProxy: self.isBehindProxy)
        guard self.addresses.take(requester) else { return self.refuse(.tooManyRequests, context: context) }
        if self.grant != .all {
            guard self.screen.isProbe(head) else { return self.refuse(.tooManyConnections, context: context) }
            self.wasProbe = true
        }
        if self.isBehindProxy, let registry {
            self.place = nil
            guard let place = registry.place(of: requester) else {
                registry.refused(.address)
                return self.refuse(.tooManyConnections, context: context)
            }
            self.place = place
        }
        let verdict = self.screen.judge(head, isFirst: self.isFirst)
        self.isFirst = false
        switch verdict {
        case .refuse(let problem): self.refuse(problem, context: context)
        case .upgrade(let head, let request):
            guard self.metrics.socketCount < self.limits.maximumSockets else {
                return self.refuse(.tooManySockets, context: context)
            }
            self.webSocketRequest = request
            // The gate goes with the upgrade; the place stays taken.
            if let place { context.channel.closeFuture.whenComplete { _ in withExtendedLifetime(place) {} } }
            switch (self.admission, request.credential) {
            case (nil, _), (_, .absent): context.fireChannelRead(self.wrapInboundOut(.head(head)))
            case (_, .malformed): self.refuse(.credentialRefused, context: context)
            case (let admission?, .token(let token)):
                self.phase = .authenticating(head, hasEnded: false)
                let gate = NIOLoopBound((self, context), eventLoop: context.eventLoop)
                // The lookup's task ends with its answer; where the client has left meanwhile, its place is free again.
                context.eventLoop.makeFutureWithTask { await admission.admit(token) }
                    .whenSuccess { outcome in gate.value.0.authenticated(outcome, context: gate.value.1) }
            }
        case .serve(var head, let closes):
            let closes = closes || !head.isKeepAlive || self.grant != .all
            if closes { head.headers.replaceOrAdd(name: "connection", value: "close") }
            self.phase = .exchange(Exchange(closes: closes, awaitsContinue: RequestScreen.awaitsContinue(head)))
            self.expect(within: self.limits.exchangeTimeout, context: context)
            context.fireChannelRead(self.wrapInboundOut(.head(head)))
        }
    }

    private func authenticated(_ outcome: SocketAdmission.Outcome, context: ChannelHandlerContext) {
        guard case .authenticating(let head, let hasEnded) = self.phase, context.channel.isActive else { return }
        switch outcome {
        case .unknown: self.refuse(.credentialRefused, context: context)
        case .forbidden: self.refuse(.notAllowed, context: context)
        case .tooMany: self.refuse(.tooManySocketsOfPrincipal, context: context)
        case .unavailable: self.refuse(.storeUnavailable, context: context)
        case .admitted(let client):
            self.webSocketRequest?.client = client
            self.phase = .awaitingHead
            context.fireChannelRead(self.wrapInboundOut(.head(head)))
            if hasEnded { context.fireChannelRead(self.wrapInboundOut(.end(nil))) }
        }
    }

    private func finishExchange(context: ChannelHandlerContext) {
        guard case .exchange(let exchange) = self.phase, exchange.requestEnded, exchange.responseEnded else { return }
        if exchange.closes {
            self.phase = .refused
            self.expect(within: self.limits.closeTimeout, context: context)
        } else {
            self.phase = .awaitingHead
            self.place = nil
            self.expect(within: self.limits.keepAliveTimeout, context: context)
        }
    }

    /// Answers with a problem and ends the connection, giving the client a moment to read before it is cut.
    private func refuse(_ problem: Problem, context: ChannelHandlerContext) {
        self.phase = .refused
        guard context.channel.isActive else { return }
        self.metrics.requestRefused()
        let body = problem.json(requestID: RequestIdentity.next())
        var head = HTTPResponseHead(
            version: .http1_1,
            status: HTTPResponseStatus(statusCode: problem.status.code, reasonPhrase: problem.status.reasonPhrase))
        head.headers.add(name: "content-type", value: Problem.contentType)
        head.headers.add(name: "content-length", value: String(body.count))
        head.headers.add(name: "connection", value: "close")
        if problem.status == .upgradeRequired {
            head.headers.add(name: "upgrade", value: "websocket")
            head.headers.add(name: "sec-websocket-version", value: "13")
        }
        if self.isSecure { head.headers.add(name: "strict-transport-security", value: StrictTransport.value) }
        if let challenge = problem.challenge { head.headers.add(name: "www-authenticate", value: challenge) }
        if let seconds = problem.retryAfterSeconds { head.headers.add(name: "retry-after", value: String(seconds)) }
        context.write(self.wrapOutboundOut(.head(head)), promise: nil)
        context.write(self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
        context.close(mode: .output, promise: nil)
        self.expect(within: self.limits.closeTimeout, context: context)
    }

    /// Cuts the connection unless this is called again in time.
    private func expect(within time: Duration, context: ChannelHandlerContext) {
        self.deadline?.cancel()
        let channel = context.channel
        self.deadline = context.eventLoop.scheduleTask(in: TimeAmount(time)) { channel.close(promise: nil) }
    }
}
