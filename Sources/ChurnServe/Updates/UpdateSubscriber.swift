import ChurnCore
import NIOCore

/// One client of the live feed.
///
/// Lives on its connection's event loop.
final class UpdateSubscriber: WebSocketSession {
    /// About how many bytes of the log are read at once.
    private static let pageBytes = 256 * 1024

    private let hub: UpdateHub
    private let eventLoop: any EventLoop
    private let resumeFrom: UpdateCursor?
    private let closesOnGap: Bool
    /// The cursor that the client sent, as long as the log was not asked about it.
    private var claim: UpdateCursor?
    /// Whether the client counts as one of its filter.
    private var isPresent = false
    private var feed = SubscriberFeed()
    private var selection: FeedSelection
    /// The position of the ring up to which the selection has looked ahead.
    private var windowEnd: UInt64 = 0
    private weak var outbound: (any WebSocketOutbound)?
    private var isPumping = false
    private var retryPageAt: NIODeadline?
    private var lastCursor = NIODeadline.now()
    /// Whether the client is due a cursor.
    private var owesCursor = true

    /// - Parameter options: where to go on, and what to send.
    init(hub: UpdateHub, eventLoop: any EventLoop, options: SubscriptionOptions) {
        self.hub = hub
        self.eventLoop = eventLoop
        self.resumeFrom = options.cursor
        self.closesOnGap = options.closesOnGap
        self.selection = FeedSelection(filter: options.filter, conflates: options.conflates)
    }

    func opened(_ outbound: any WebSocketOutbound) {
        self.outbound = outbound
        self.isPresent = true
        self.hub.presence.enter(self.selection.filter)
        self.hub.fanout(of: self.eventLoop).add(self)
        self.pump()
    }

    func closed() {
        self.outbound = nil
        if self.isPresent { self.hub.presence.leave(self.selection.filter) }
        self.isPresent = false
        self.hub.fanout(of: self.eventLoop).remove(self)
    }

    func becameWritable() { self.pump() }

    func tick(now: NIODeadline) {
        if let retryPageAt, now >= retryPageAt {
            self.retryPageAt = nil
            self.pump()
        }
        if self.feed.hasMovedSinceCursor, now - self.lastCursor >= TimeAmount(self.hub.configuration.cursorInterval) {
            self.owesCursor = true
            self.pump()
        }
    }

    func received(text: ByteBuffer) {
        self.outbound?.write(ServerFrame.text(self.answer(to: text)))
        self.outbound?.flush()
    }

    private func answer(to text: ByteBuffer) -> [UInt8] {
        do {
            switch try ClientCommand.parse(text) {
            case .ping: return FeedMessage.pong
            case .presence: return FeedMessage.presence(self.hub.presence.count(of: self.selection.filter))
            case .filter(let filter):
                self.hub.presence.leave(self.selection.filter)
                self.hub.presence.enter(filter)
                self.selection.choose(filter)
                self.windowEnd = 0
                return FeedMessage.filter(filter)
            case .conflate(let conflates):
                self.selection.choose(conflates: conflates)
                self.windowEnd = 0
                return FeedMessage.conflate(conflates)
            case .authenticate:
                return FeedMessage.error(code: "no_authentication", detail: "This server asks for no token.")
            }
        } catch {
            return FeedMessage.error(code: error.code, detail: error.detail)
        }
    }

    func received(binary: ByteBuffer) { self.outbound?.close(.unsupportedData, reason: "commands are text") }

    /// A page that was asked for is there, or could not be read.
    func receive(_ outcome: PageRequest.Outcome) {
        guard let outbound = self.outbound else { return }
        let page: LogPage
        switch outcome {
        case .page(let read): page = read
        case .impossible: return outbound.close(.gap, reason: "the cursor is not of this server's log")
        case .failed:
            self.feed.receive(page: [], hasMore: true)
            self.retryPageAt = .now() + .seconds(1)
            return
        }
        self.claim = nil
        self.feed.receive(page: page.segments, hasMore: page.hasMore)
        if self.selection.conflates { self.selection.lookAhead(page.segments) }
        self.pump()
    }

    private func pump() {
        var snapshot = RingSnapshot(hub: self.hub)
        self.pump(&snapshot)
    }

    /// Sends what the socket takes, in one flush.
    func pump(_ snapshot: inout RingSnapshot) {
        guard !self.isPumping, let outbound = self.outbound else { return }
        self.isPumping = true
        var wrote = false
        // A cursor comes first, so that whoever loses the connection right after it can resume.
        while outbound.isWritable, self.retryPageAt == nil {
            wrote = self.sendCursorIfDue(outbound) || wrote
            guard outbound.isWritable, self.step(outbound, &snapshot, &wrote) else { break }
        }
        if self.selection.skipped > 0 {
            outbound.write(ServerFrame.text(FeedMessage.skipped(self.selection.takeSkipped())))
            wrote = true
        }
        if outbound.isWritable { wrote = self.sendCursorIfDue(outbound) || wrote }
        let wasFull = !outbound.isWritable
        if wrote { outbound.flush() }
        self.isPumping = false
        // The flush made room at once: go on after the others had their turn.
        if wasFull, outbound.isWritable {
            let subscriber = NIOLoopBound(self, eventLoop: self.eventLoop)
            self.eventLoop.execute { subscriber.value.pump() }
        }
    }

    /// Does one step of sending; false when there is nothing to do now.
    private func step(_ outbound: any WebSocketOutbound, _ snapshot: inout RingSnapshot, _ wrote: inout Bool) -> Bool {
        switch self.feed.mode {
        case .waiting: return self.admit()
        case .awaitingPage: return false
        case .ring(let position):
            guard let segments = snapshot.segments(from: position) else { return self.askForPage() }
            if self.selection.conflates, position >= self.windowEnd {
                let window = self.hub.window(from: position)
                self.selection.lookAhead(window.segments)
                self.windowEnd = window.end
            }
            for (offset, segment) in segments.enumerated() {
                guard outbound.isWritable else { return false }
                if self.selection.conflates, position + UInt64(offset) >= self.windowEnd { return true }
                if segment.isExternal {
                    if self.feed.isExternalNew {
                        outbound.write(segment.wire)
                        self.hub.metrics.sent(frames: 1)
                        wrote = true
                    }
                } else if !self.send(segment, isFromLog: false, outbound, &wrote) {
                    return self.askForPage()
                }
                self.feed.advance()
            }
            return !segments.isEmpty
        case .page(let hasMore):
            if let segment = self.feed.nextOfPage() {
                return self.send(segment, isFromLog: true, outbound, &wrote)
            }
            guard !hasMore, let position = self.hub.position(for: self.feed) else { return self.askForPage() }
            self.feed.join(at: position)
            self.windowEnd = 0
            return true
        }
    }

    /// Sends what is new of a segment; false where something before it is missing.
    private func send(
        _ segment: UpdateSegment, isFromLog: Bool, _ outbound: any WebSocketOutbound, _ wrote: inout Bool
    ) -> Bool {
        do {
            guard let rest = try self.feed.take(segment, isFromLog: isFromLog) else { return true }
            if rest.isGap, self.closesOnGap {
                outbound.close(.gap, reason: "updates after the cursor are gone")
                return true
            }
            let (stretches, frames) = self.selection.take(rest)
            for stretch in stretches { outbound.write(stretch) }
            self.feed.sent(frames: frames)
            self.hub.metrics.sent(frames: frames)
            wrote = wrote || !stretches.isEmpty
            return true
        } catch { return false }
    }

    private func admit() -> Bool {
        switch self.hub.admit(self.resumeFrom) {
        case .later: return false
        case .now(let position, let seen): self.feed.join(at: position, seen: seen)
        case .resume(let seen, let foreign, let end, let isDoubtful):
            self.claim = isDoubtful ? self.resumeFrom : nil
            self.feed.resume(seen: seen, foreign: foreign, end: end, readsLog: isDoubtful)
        }
        return true
    }

    private func askForPage() -> Bool {
        self.feed.awaitPage()
        self.hub.pageRequester.yield(
            PageRequest(
                cursor: self.hub.cursor(of: self.feed), claim: self.claim, bytes: Self.pageBytes,
                subscriber: NIOLoopBound(self, eventLoop: self.eventLoop), eventLoop: self.eventLoop))
        return false
    }

    private func sendCursorIfDue(_ outbound: any WebSocketOutbound) -> Bool {
        if self.feed.mode == .waiting { return false }
        guard self.owesCursor || self.feed.framesSinceCursor >= self.hub.configuration.framesPerCursor else {
            return false
        }
        outbound.write(ServerFrame.text(FeedMessage.cursor(self.hub.cursor(of: self.feed))))
        self.feed.sentCursor()
        self.owesCursor = false
        self.lastCursor = .now()
        return true
    }
}
