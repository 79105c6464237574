import ChurnCore
import ChurnInsight
import ChurnMemory

@testable import ChurnServe

/// Everyone that a server may have to do with, and what they send.
struct TestAccess: Sendable {
    /// The credential that a caller sends.
    enum Credential: String, CaseIterable {
        case none, bad, expired, wrongAudience, viewer, agent, ingest, admin
    }

    let keys = InMemoryAPIKeyStore()
    let audit = InMemoryAuditLog()
    let control: AccessControl
    private let tokens = TestTokens()
    private let bearers: [Role: String]

    init() async throws {
        var bearers: [Role: String] = [:]
        for role in Role.allCases {
            let made = APIKey.make(name: role.rawValue, roles: [role], now: TestTokens.now)
            _ = try await self.keys.addAPIKey(made.record)
            bearers[role] = made.key.withExposedValue { $0 }
        }
        self.bearers = bearers
        let jwt = JWTConfiguration(
            issuer: TestTokens.issuer, audience: TestTokens.audience, secret: Secret(self.tokens.secret))
        self.control = AccessControl(
            authenticator: MultiplexAuthenticator([
                APIKeyAuthenticator(store: self.keys, now: { TestTokens.now }),
                try await JWTAuthenticator(jwt, now: { TestTokens.now }),
            ]),
            audit: self.audit)
    }

    /// The token of a caller; nil for none.
    ///
    /// - Parameter asJWT: whether roles come by JSON Web Tokens rather than by API keys.
    func token(_ credential: Credential, asJWT: Bool = false) -> String? {
        switch credential {
        case .none: return nil
        case .bad: return asJWT ? self.tokens.hs256() + "x" : APIKeyText.make()
        case .expired: return self.tokens.hs256(TestTokens.claims(["roles": #"["admin"]"#, "exp": "1700000000"]))
        case .wrongAudience:
            return self.tokens.hs256(TestTokens.claims(["roles": #"["admin"]"#, "aud": #""another""#]))
        case .viewer, .agent, .ingest, .admin:
            guard !asJWT else {
                return self.tokens.hs256(TestTokens.claims(["roles": "[\"\(credential.rawValue)\"]"]))
            }
            return Role(rawValue: credential.rawValue).flatMap { self.bearers[$0] }
        }
    }
}
