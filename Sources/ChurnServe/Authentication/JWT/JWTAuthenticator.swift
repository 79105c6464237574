public import ChurnCore
import JWTKit
public import Logging

/// Believes JSON Web Tokens of one issuer for one audience, signed with HS256, RS256 or ES256.
///
/// The algorithm follows from the key: a header that names another, `none` included, is refused, and so is a token
/// without an expiry.
public struct JWTAuthenticator: Authenticator {
    private let configuration: JWTConfiguration
    private let secret: JWTKeyCollection?
    private let keys: PublicKeysFile?
    private let now: WallClock
    private let logger: Logger?
    private let notices = Locked([JWTRefusal: RepeatedNotice]())

    /// Creates an authenticator and reads the keys.
    ///
    /// - Parameters:
    ///   - configuration: which tokens are believed.
    ///   - now: the time of day; nil for the system's.
    ///   - logger: learns why tokens are refused, each reason once a minute; nil for no one.
    /// - Throws: ``/ChurnCore/ChurnError`` when the configuration or the keys' file is wrong.
    public init(_ configuration: JWTConfiguration, now: WallClock? = nil, logger: Logger? = nil) async throws {
        try configuration.validate()
        self.configuration = configuration
        self.now = now ?? Timestamp.systemNow
        self.logger = logger
        if let path = configuration.keysFile {
            self.keys = try await PublicKeysFile(path: path)
        } else {
            self.keys = nil
        }
        if let secret = configuration.secret {
            let key = secret.withExposedValue { HMACKey(from: $0) }
            let collection = JWTKeyCollection()
            await collection.add(hmac: key, digestAlgorithm: .sha256)
            self.secret = collection
        } else {
            self.secret = nil
        }
    }

    /// The principal of a token; see ``Authenticator/principal(for:)``.
    public func principal(for token: String) async throws -> Principal? {
        guard let head = JWTHead(token: token) else { return nil }
        for key in await self.keys(for: head) {
            // Whatever is wrong with a token: its bearer is no one, and why is for the operator's log only.
            guard let claims = try? await key.verify(token, as: JWTClaims.self) else { continue }
            do {
                let principal = try claims.principal(self.configuration, now: self.now())
                if principal.roles.isEmpty { self.note(.roles) }
                return principal
            } catch {
                self.note(error)
                return nil
            }
        }
        self.note(.signature)
        return nil
    }

    private func note(_ refusal: JWTRefusal) {
        guard let logger = self.logger,
            let count = self.notices.withLock({ $0[refusal, default: RepeatedNotice()].occurred() })
        else { return }
        logger.info(
            refusal == .roles ? "A token gives no role" : "A token is refused",
            metadata: [
                "churn.reason": "\(refusal.rawValue)", "churn.refused": "\(count)",
                "churn.rolesClaim": "\(self.configuration.rolesClaim)",
            ])
    }

    /// The keys that may have signed a token: one, unless they have no names.
    private func keys(for head: JWTHead) async -> [JWTKeyCollection] {
        switch head.alg {
        case "HS256": self.secret.map { [$0] } ?? []
        case "RS256", "ES256": await self.keys?.keys(named: head.kid, algorithm: head.alg) ?? []
        default: []
        }
    }
}
