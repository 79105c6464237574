import ChurnCore
import NIOCore

/// Lets a session begin only when its client has shown who it is, and ends it when that holds no more.
///
/// Lives on its connection's event loop.
final class AuthenticatedSession: WebSocketSession {
    /// The times that are kept.
    struct Times: Sendable {
        /// The time that a client has to send its token.
        var signIn: TimeAmount
        /// The interval at which a token is checked again.
        var recheck: TimeAmount
    }

    private enum State {
        /// No token came yet.
        case waiting
        /// The first token is being looked up; what the client says meanwhile waits.
        case checking(waiting: [ByteBuffer])
        case open
        case closed
    }

    /// The number of messages that may wait for the answer to the token.
    private static let maximumWaiting = 16
    /// The delay before a check that could not be made is repeated.
    private static let retry = TimeAmount.seconds(5)

    private let session: any WebSocketSession
    private let admission: SocketAdmission
    private let eventLoop: any EventLoop
    private let times: Times
    private let now: @Sendable () -> Timestamp
    private weak var outbound: (any WebSocketOutbound)?
    private var state = State.waiting
    private var deadline = NIODeadline.distantFuture
    /// The client's place, and the token and the principal that hold now.
    private var client: AuthenticatedClient?
    private var token: Secret<String>?
    private var expiry: Timestamp?
    private var recheckAt = NIODeadline.distantFuture
    private var isRechecking = false
    /// A token that the client sent while another one was being checked.
    private var newerToken: Secret<String>?

    /// - Parameters:
    ///   - session: begins once the client is known.
    ///   - client: who the client is, where the handshake said so.
    init(
        _ session: any WebSocketSession, admission: SocketAdmission, client: AuthenticatedClient?,
        eventLoop: any EventLoop, times: Times,
        now: @escaping WallClock = Timestamp.systemNow
    ) {
        self.session = session
        self.admission = admission
        self.client = client
        self.eventLoop = eventLoop
        self.times = times
        self.now = now
    }

    func opened(_ outbound: any WebSocketOutbound) {
        self.outbound = outbound
        guard let client = self.client else {
            self.deadline = .now() + self.times.signIn
            return
        }
        self.begin(as: client, outbound)
    }

    func received(text: ByteBuffer) {
        switch self.state {
        case .waiting:
            guard case .authenticate(let token)? = try? ClientCommand.parse(text) else {
                return self.refuse(.badToken, "the first message must be the token")
            }
            self.signIn(with: token)
        case .checking(let waiting):
            guard waiting.count < Self.maximumWaiting else { return self.refuse(.policy, "too many messages") }
            self.state = .checking(waiting: waiting + [text])
        case .open:
            if case .authenticate(let token)? = try? ClientCommand.parse(text) {
                self.recheck(Secret(token), isNew: true)
            } else {
                self.session.received(text: text)
            }
        case .closed: break
        }
    }

    func received(binary: ByteBuffer) {
        if case .open = self.state { return self.session.received(binary: binary) }
        self.refuse(.unsupportedData, "commands are text")
    }

    func becameWritable() { if case .open = self.state { self.session.becameWritable() } }

    func tick(now: NIODeadline) {
        switch self.state {
        case .waiting, .checking:
            if now >= self.deadline { self.refuse(.badToken, "no token came in time") }
        case .open:
            let isExpired = self.expiry.map { self.now() >= $0 } ?? false
            if now >= self.recheckAt || isExpired, let token = self.token { self.recheck(token, isNew: false) }
            // The check of an expired token may have ended the connection, or wait for its answer.
            if case .open = self.state { self.session.tick(now: now) }
        case .closed: break
        }
    }

    func closed() {
        if case .open = self.state { self.session.closed() }
        self.state = .closed
        self.outbound = nil
        self.client = nil
    }

    // MARK: Signing in

    private func signIn(with token: String) {
        self.state = .checking(waiting: [])
        let session = NIOLoopBound(self, eventLoop: self.eventLoop)
        let admission = self.admission
        // The lookup's task ends with its answer; who has left meanwhile ignores it, and the place is free again.
        self.eventLoop.makeFutureWithTask { await admission.admit(token) }
            .whenSuccess { session.value.signedIn($0) }
    }

    private func signedIn(_ outcome: SocketAdmission.Outcome) {
        guard case .checking(let waiting) = self.state, let outbound = self.outbound else { return }
        switch outcome {
        case .unknown: self.refuse(.badToken, "the token is not valid")
        case .forbidden: self.refuse(.forbidden, "the token does not allow this")
        case .tooMany: self.refuse(.tooMany, "too many connections of this principal")
        case .unavailable: self.refuse(.tryLater, "tokens cannot be checked now")
        case .admitted(let client):
            self.client = client
            outbound.write(ServerFrame.text(FeedMessage.authenticated(as: client.principal.name)))
            outbound.flush()
            self.begin(as: client, outbound)
            for text in waiting { self.received(text: text) }
        }
    }

    private func begin(as client: AuthenticatedClient, _ outbound: any WebSocketOutbound) {
        self.state = .open
        self.token = client.token
        self.expiry = client.principal.expiry
        self.recheckAt = .now() + self.times.recheck
        self.session.opened(outbound)
    }

    // MARK: Later

    private func recheck(_ token: Secret<String>, isNew: Bool) {
        guard !self.isRechecking else {
            if isNew { self.newerToken = token }
            return
        }
        self.isRechecking = true
        self.recheckAt = .now() + self.times.recheck
        let session = NIOLoopBound(self, eventLoop: self.eventLoop)
        let admission = self.admission
        // As above: the task ends with its answer.
        self.eventLoop.makeFutureWithTask { await admission.check(token.withExposedValue { $0 }) }
            .whenSuccess { session.value.rechecked(token, $0, isNew: isNew) }
    }

    private func rechecked(
        _ token: Secret<String>, _ result: Result<Principal, SocketAdmission.Refusal>, isNew: Bool
    ) {
        self.isRechecking = false
        defer {
            if case .open = self.state, let token = self.newerToken {
                self.newerToken = nil
                self.recheck(token, isNew: true)
            }
        }
        guard case .open = self.state, let outbound = self.outbound else { return }
        switch result {
        case .success(let principal):
            guard principal.name == self.client?.principal.name else {
                return self.refuse(.forbidden, "the token is another principal's")
            }
            // An authenticator with a leeway still accepts a token after its expiry: it is asked again soon.
            let isLate = principal.expiry.map { $0 <= self.now() } ?? false
            self.expiry = isLate ? self.now().advanced(by: .seconds(1)) : principal.expiry
            self.token = token
            guard isNew else { return }
            outbound.write(ServerFrame.text(FeedMessage.authenticated(as: principal.name)))
            outbound.flush()
        case .failure(.unknown): self.refuse(.badToken, "the token is no longer valid")
        case .failure(.forbidden): self.refuse(.forbidden, "the token does not allow this")
        case .failure(.unavailable):
            // Nothing speaks against the token before its end.
            let isExpired = self.expiry.map { $0 <= self.now() } ?? false
            if isExpired { return self.refuse(.tryLater, "tokens cannot be checked now") }
            self.recheckAt = .now() + Self.retry
        }
    }

    private func refuse(_ code: CloseCode, _ reason: StaticString) { self.outbound?.close(code, reason: reason) }
}
