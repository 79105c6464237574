import NIOCore

/// Says when a connection must be pinged and when it must end.
///
/// A value: its caller reports what happened and when.
struct SocketClock: Sendable {
    /// The action that is due.
    enum Action: Equatable {
        case ping
        case close(CloseCode, StaticString)

        static func == (a: Self, b: Self) -> Bool {
            switch (a, b) {
            case (.ping, .ping): true
            case (.close(let a, let why), .close(let b, let other)): a == b && why.description == other.description
            default: false
            }
        }
    }

    private let pingInterval: TimeAmount
    private let pongTimeout: TimeAmount
    private let idleTimeout: TimeAmount
    private let stallTimeout: TimeAmount
    private let end: NIODeadline
    private var lastReceived: NIODeadline
    private var lastPing: NIODeadline
    private var awaitsPong = false
    private var fullSince: NIODeadline?

    init(limits: ServerLimits, now: NIODeadline) {
        self.pingInterval = TimeAmount(limits.pingInterval)
        self.pongTimeout = TimeAmount(limits.pongTimeout)
        self.idleTimeout = TimeAmount(limits.socketIdleTimeout)
        self.stallTimeout = TimeAmount(limits.writeStallTimeout)
        self.end = now + TimeAmount(limits.maximumSocketAge)
        self.lastReceived = now
        self.lastPing = now
    }

    /// Returns the interval of `tick` at which nothing is late by more than a quarter, and at most by a second.
    static func tickInterval(limits: ServerLimits) -> TimeAmount {
        let times = [limits.pingInterval, limits.pongTimeout, limits.socketIdleTimeout, limits.writeStallTimeout]
        let shortest = times.map { TimeAmount($0).nanoseconds }.min() ?? 0
        return .nanoseconds(min(max(shortest / 4, 5_000_000), 1_000_000_000))
    }

    mutating func received(now: NIODeadline) { self.lastReceived = now }

    /// A pong came; true where the server had asked for one.
    mutating func receivedPong() -> Bool {
        defer { self.awaitsPong = false }
        return self.awaitsPong
    }

    /// The socket's buffer became full, or has room again.
    mutating func setFull(_ isFull: Bool, now: NIODeadline) {
        self.fullSince = isFull ? (self.fullSince ?? now) : nil
    }

    mutating func tick(now: NIODeadline) -> Action? {
        if now >= self.end { return .close(.goingAway, "maximum age reached") }
        if let fullSince, now - fullSince >= self.stallTimeout { return .close(.tooSlow, "does not keep up") }
        if now - self.lastReceived >= self.idleTimeout { return .close(.tooSlow, "idle") }
        if self.awaitsPong {
            // A client that does not read cannot see the ping: the stall timeout is for that.
            guard self.fullSince == nil, now - self.lastPing >= self.pongTimeout else { return nil }
            return .close(.tooSlow, "ping not answered")
        }
        guard now - self.lastPing >= self.pingInterval else { return nil }
        self.lastPing = now
        self.awaitsPong = true
        return .ping
    }
}
