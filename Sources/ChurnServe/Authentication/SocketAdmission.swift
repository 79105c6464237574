import ChurnCore

/// Decides who may open WebSockets, and counts how many each principal has.
final class SocketAdmission: Sendable {
    /// The result of checking a token.
    enum Outcome: Sendable {
        case admitted(AuthenticatedClient)
        /// The token names no one, or not any more.
        case unknown
        /// The principal has no role that may read the feed.
        case forbidden
        /// The principal has all the connections that it may have.
        case tooMany
        /// It cannot be decided now.
        case unavailable
    }

    private let authenticator: any Authenticator
    private let maximum: Int
    private let open = Locked<[String: Int]>([:])

    /// - Parameter maximum: the most connections of one principal.
    init(authenticator: any Authenticator, maximum: Int) {
        self.authenticator = authenticator
        self.maximum = maximum
    }

    /// Looks a token up and takes a place for its principal.
    func admit(_ token: String) async -> Outcome {
        switch await self.check(token) {
        case .failure(let outcome): outcome.asOutcome
        case .success(let principal):
            self.takePlace(principal.name)
                ? .admitted(AuthenticatedClient(principal: principal, token: Secret(token), admission: self)) : .tooMany
        }
    }

    /// The reason why a token does not open a WebSocket.
    enum Refusal: Error {
        case unknown, forbidden, unavailable

        fileprivate var asOutcome: Outcome {
            switch self {
            case .unknown: .unknown
            case .forbidden: .forbidden
            case .unavailable: .unavailable
            }
        }
    }

    /// Looks a token up without taking a place.
    func check(_ token: String) async -> Result<Principal, Refusal> {
        do {
            guard let principal = try await self.authenticator.principal(for: token) else { return .failure(.unknown) }
            return principal.may(RouteAccess.updates) ? .success(principal) : .failure(.forbidden)
        } catch {
            return .failure(.unavailable)
        }
    }

    private func takePlace(_ name: String) -> Bool {
        self.open.withLock { open in
            guard open[name, default: 0] < self.maximum else { return false }
            open[name, default: 0] += 1
            return true
        }
    }

    fileprivate func leavePlace(_ name: String) {
        self.open.withLock { open in
            let left = open[name, default: 0] - 1
            open[name] = left > 0 ? left : nil
        }
    }
}

/// A principal's place at one WebSocket, which is free again when this is gone.
final class AuthenticatedClient: Equatable, Sendable {
    let principal: Principal
    let token: Secret<String>
    private let admission: SocketAdmission

    fileprivate init(principal: Principal, token: Secret<String>, admission: SocketAdmission) {
        self.principal = principal
        self.token = token
        self.admission = admission
    }

    deinit { self.admission.leavePlace(self.principal.name) }

    static func == (a: AuthenticatedClient, b: AuthenticatedClient) -> Bool { a === b }
}
