import JWTKit

/// A JWKS file's text; keys of kinds that are not used here do no harm.
struct JWKSDocument: Decodable {
    var keys: [Entry]

    /// One key, whatever it is.
    struct Entry: Decodable {
        /// A key that can check tokens.
        struct Usable {
            var name: String
            /// The one algorithm it is used with: whatever a token's header says, a key is never used with another.
            var algorithm: String
            var isPrivate: Bool
            var jwk: JWK
        }

        private enum CodingKeys: String, CodingKey {
            case use
        }

        let usable: Usable?

        init(from decoder: any Decoder) throws {
            let use = try? decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .use)
            guard use == nil || use == "sig", let jwk = try? JWK(from: decoder) else {
                self.usable = nil
                return
            }
            self.usable = Self.usable(jwk)
        }

        private static func usable(_ original: JWK) -> Usable? {
            guard let name = original.keyIdentifier?.string, !name.isEmpty else { return nil }
            var jwk = original
            switch (jwk.keyType, jwk.curve?.rawValue) {
            case (.rsa, _) where jwk.algorithm == nil || jwk.algorithm == .rs256: jwk.algorithm = .rs256
            case (.ecdsa, "P-256") where jwk.algorithm == nil || jwk.algorithm == .es256: jwk.algorithm = .es256
            default: return nil
            }
            return Usable(
                name: name, algorithm: jwk.algorithm?.rawValue ?? "", isPrivate: jwk.privateExponent != nil, jwk: jwk)
        }
    }
}
