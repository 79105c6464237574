import NIOCore

/// The only handler of an upgraded connection: validates what the client sends, answers control frames, keeps the
/// rates and times, and lets its session talk.
final class WebSocketHandler: ChannelInboundHandler, WebSocketOutbound {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        case open
        /// A close frame was sent; waiting for the client's.
        case closing
        case closed
    }

    private let session: any WebSocketSession
    private let limits: ServerLimits
    private let metrics: ServeMetrics
    private var state = State.closed
    private var validator: WebSocketValidator
    private var clock: SocketClock
    private var bucket: TokenBucket
    private var context: ChannelHandlerContext?
    private var ticker: RepeatedTask?

    init(session: any WebSocketSession, limits: ServerLimits, metrics: ServeMetrics) {
        self.session = session
        self.limits = limits
        self.metrics = metrics
        self.validator = WebSocketValidator(
            limits: WebSocketValidator.Limits(
                maximumFrameBytes: limits.maximumFrameBytes, maximumMessageBytes: limits.maximumMessageBytes,
                maximumFragments: limits.maximumFragments))
        self.clock = SocketClock(limits: limits, now: .now())
        self.bucket = TokenBucket(perSecond: limits.commandsPerSecond, now: .now())
    }

    func handlerAdded(context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        self.context = context
        self.state = .open
        self.metrics.socketOpened()
        let interval = SocketClock.tickInterval(limits: self.limits)
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        self.ticker = context.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            handler.value.tick()
        }
        self.session.opened(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.end() }

    func channelInactive(context: ChannelHandlerContext) {
        self.end()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard self.state != .closed else { return }
        self.clock.received(now: .now())
        var buffer = self.unwrapInboundIn(data)
        do {
            while self.state != .closed, let event = try self.validator.nextEvent(from: &buffer) {
                self.handle(event)
            }
        } catch {
            self.close(error.code, reason: error.reason)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.clock.setFull(!context.channel.isWritable, now: .now())
        if context.channel.isWritable, self.state == .open { self.session.becameWritable() }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent: self.close(.goingAway, reason: "the server stops")
        // A client that will not send again cannot answer pings either: it is gone.
        case ChannelEvent.inputClosed: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    // MARK: The session's side

    var isWritable: Bool { self.state == .open && self.context?.channel.isWritable == true }

    func write(_ frames: ByteBuffer) {
        guard self.state == .open else { return }
        self.context?.write(self.wrapOutboundOut(frames), promise: nil)
    }

    func flush() { self.context?.flush() }

    func close(_ code: CloseCode, reason: StaticString) {
        guard self.state == .open, let context = self.context else { return }
        self.state = .closing
        self.metrics.socketClosed(code)
        self.session.closed()
        var random = SystemRandomNumberGenerator()
        let retryAfter = RetryAdvice.seconds(after: code, sockets: self.metrics.socketCount, using: &random)
        let frame = ServerFrame.close(code, reason: reason, retryAfter: retryAfter)
        context.writeAndFlush(self.wrapOutboundOut(frame), promise: nil)
        // Who goes away awaits the client's close frame. After an offence nothing more is understood, so the output
        // ends at once (RFC 6455, section 7.1.7); what waits before the end is still sent.
        if code != .goingAway { context.close(mode: .output, promise: nil) }
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: TimeAmount(self.limits.closeTimeout)) {
            handler.value.context?.close(promise: nil)
        }
    }

    // MARK: The client's side

    private func handle(_ event: WebSocketValidator.Event) {
        switch event {
        case .close(let code): self.answerClose(code)
        case .pong:
            if !self.clock.receivedPong() { _ = self.take() }
        case .ping(let payload):
            guard self.take() else { return }
            self.write(ServerFrame.pong(payload))
            self.flush()
        case .text(let text):
            if self.take() { self.session.received(text: text) }
        case .binary(let bytes):
            if self.take() { self.session.received(binary: bytes) }
        }
    }

    /// Returns whether the client may still say something; ends the connection where it said too much.
    private func take() -> Bool {
        guard self.state == .open else { return false }
        if self.bucket.take(now: .now()) { return true }
        self.close(.tooMany, reason: "too many messages")
        return false
    }

    private func answerClose(_ code: CloseCode?) {
        guard let context = self.context else { return }
        if self.state == .open {
            self.state = .closing
            self.metrics.socketClosed(code ?? .normal)
            self.session.closed()
            context.write(self.wrapOutboundOut(ServerFrame.close(code)), promise: nil)
        }
        context.flush()
        // The close frame may wait behind others: the output ends after it, and the rest when the client ends too.
        context.close(mode: .output, promise: nil)
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: TimeAmount(self.limits.closeTimeout)) {
            handler.value.context?.close(promise: nil)
        }
    }

    private func tick() {
        guard self.state == .open, let context = self.context else { return }
        let now = NIODeadline.now()
        switch self.clock.tick(now: now) {
        case .ping:
            self.write(ServerFrame.ping(ByteBuffer()))
            self.flush()
        case .close(let code, let reason): return self.close(code, reason: reason)
        case nil: break
        }
        self.session.tick(now: now)
        let buffered = try? context.channel.syncOptions?.getOption(ChannelOptions.bufferedWritableBytes)
        if let buffered, buffered > self.limits.maximumSocketBufferBytes {
            self.close(.tooSlow, reason: "does not keep up")
        }
    }

    private func end() {
        if self.state == .open {
            self.metrics.socketClosed(nil)
            self.session.closed()
        }
        if self.context != nil { self.metrics.socketGone() }
        self.state = .closed
        self.context = nil
        self.ticker?.cancel()
        self.ticker = nil
    }
}
