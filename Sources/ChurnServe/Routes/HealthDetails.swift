import ChurnCore
import HTTPTypes
import Hummingbird

/// Who reads the reasons and the advice of the parts that are not well.
enum HealthDetails: Sendable {
    /// Whoever asks: the port is for operators.
    case everyone
    /// Those who ask for this machine by a name of its own: no page of another site can.
    case thisMachine
    /// Those whom the authenticator knows, with a role that reads.
    case signedIn(any Authenticator, deadline: Duration)

    /// Returns whether a request's sender reads them; one whose credential is wrong does not, and is answered.
    func areShown(to request: Request) async -> Bool {
        switch self {
        case .everyone: return true
        case .thisMachine:
            return request.head.authority.flatMap { HostPort($0) }.map { LoopbackAddress.contains($0.host) } ?? false
        case .signedIn(let authenticator, let deadline):
            guard case .token(let token) = BearerCredential(request.headers[values: .authorization]) else {
                return false
            }
            let found = try? await withDeadline(deadline) { try await authenticator.principal(for: token) }
            return found.flatMap(\.self)?.may([.viewer, .agent]) ?? false
        }
    }
}
