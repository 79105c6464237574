/// Asks one authenticator after the other until one knows the credential.
public struct MultiplexAuthenticator: Authenticator {
    private let all: [any Authenticator]

    /// Creates an authenticator of several, asked in this order.
    public init(_ all: [any Authenticator]) { self.all = all }

    /// The principal that the first of them names; see ``Authenticator/principal(for:)``.
    ///
    /// Throws only where none names one and one of them could not decide.
    public func principal(for token: String) async throws -> Principal? {
        var failure: (any Error)?
        for authenticator in self.all {
            do {
                if let principal = try await authenticator.principal(for: token) { return principal }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return nil
    }
}
