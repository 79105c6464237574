public import ChurnCore

/// The JSON Web Tokens that are accepted.
public struct JWTConfiguration: Sendable {
    /// The required issuer of a token.
    public var issuer: String
    /// The required audience of a token.
    public var audience: String
    /// The secret of HS256, at least 32 bytes; nil where HS256 is not accepted.
    public var secret: Secret<[UInt8]>?
    /// The path of a file with public keys for RS256 and ES256, a JWKS or keys in PEM; nil where these are not accepted.
    public var keysFile: String?
    /// The claim that lists the roles; dots lead into objects, as in `realm_access.roles`.
    public var rolesClaim: String
    /// The most by which the issuer's clock may differ.
    public var leeway: Duration

    /// Creates a configuration.
    public init(
        issuer: String, audience: String, secret: Secret<[UInt8]>? = nil, keysFile: String? = nil,
        rolesClaim: String = "roles", leeway: Duration = .seconds(30)
    ) {
        self.issuer = issuer
        self.audience = audience
        self.secret = secret
        self.keysFile = keysFile
        self.rolesClaim = rolesClaim
        self.leeway = leeway
    }

    /// Checks all that can be checked without reading the keys' file, and reports all faults at once.
    func validate() throws {
        var faults: [String] = []
        if self.issuer.isEmpty { faults.append("the issuer is empty") }
        if self.audience.isEmpty { faults.append("the audience is empty") }
        if self.rolesClaim.isEmpty { faults.append("the roles' claim is empty") }
        // jwt-kit stops the process on a shorter one.
        if let secret, secret.withExposedValue(\.count) < 32 {
            faults.append("the secret of HS256 is shorter than 32 bytes; make one with `openssl rand -hex 32`")
        }
        if self.secret == nil, self.keysFile == nil { faults.append("there is neither a secret nor a file of keys") }
        guard faults.isEmpty else {
            throw ChurnError(
                .invalidConfiguration, .fatal, during: "check the configuration of tokens",
                advice: faults.joined(separator: "; "))
        }
    }
}
