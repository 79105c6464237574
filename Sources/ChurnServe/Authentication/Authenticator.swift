/// Resolves a credential to its principal.
public protocol Authenticator: Sendable {
    /// The principal that the token names; nil where it names none, is not valid, or is no longer or not yet valid.
    ///
    /// Throws only when it cannot be decided now, such as when the database is away.
    func principal(for token: String) async throws -> Principal?
}
