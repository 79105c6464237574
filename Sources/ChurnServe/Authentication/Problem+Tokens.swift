import HTTPTypes

extension Problem {
    static let badToken = Problem(
        .unauthorized, "bad_token", "Send a token that is valid now, as Authorization: Bearer.")
    static let forbiddenToken = Problem(.forbidden, "forbidden", "The token's roles do not allow this.")
    static let tooManySocketsOfPrincipal = Problem(
        .tooManyRequests, "too_many_connections",
        "This principal has all the live connections that it may have. Close one, or try again later.",
        retryAfterSeconds: 30)
}
