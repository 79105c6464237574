import HTTPTypes

/// The problems of credentials, for routes and for handshakes alike.
extension Problem {
    static let credentialMissing = Problem(
        .unauthorized, "credential_missing", "Send an API key or a token: `Authorization: Bearer ...`.",
        challenge: #"Bearer realm="churn""#)
    static let credentialRefused = Problem(
        .unauthorized, "credential_refused", "The credential is not known, not valid, or not valid any more.",
        challenge: #"Bearer realm="churn", error="invalid_token""#)
    static let notAllowed = Problem(
        .forbidden, "not_allowed", "The credential does not allow this. An administrator gives out roles.")
    static let tooManyRequests = Problem(
        .tooManyRequests, "too_many_requests", "Too many requests in a short time. Send fewer, and wait a moment.",
        retryAfterSeconds: 1)
    static let tooManySocketsOfPrincipal = Problem(
        .tooManyRequests, "too_many_connections",
        "This principal has all the live connections that it may have. Close one, or try again later.",
        retryAfterSeconds: 30)
}
