/// The reason why a token is not accepted, or is of little use; what the token says is never part of it.
enum JWTRefusal: String, Error, CaseIterable {
    case issuer = "iss is missing or is not auth.jwtIssuer, to the letter"
    case audience = "aud is missing or does not hold auth.jwtAudience"
    case expiry = "exp is missing or past"
    case notBefore = "nbf is to come, or is no time"
    case subject = "sub is missing, or is no name of 1 to 256 bytes"
    case signature = "none of the keys has signed it, or it has another algorithm than HS256, RS256 and ES256"
    case roles = "the claim of roles is missing or names none of viewer, agent, ingest and admin in lower case"
}
