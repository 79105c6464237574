import ChurnCore
import Crypto
import CryptoExtras
import Foundation

@testable import ChurnServe

/// Signs tokens by hand, so that they can say anything.
struct TestTokens: Sendable {
    static let now = Timestamp(microseconds: 1_767_225_600_000_000)
    static let issuer = "https://issuer.example"
    static let audience = "churn"

    let secret = Array("a secret of more than thirty-two bytes".utf8)
    let curveKey = P256.Signing.PrivateKey()

    /// The claims of a good token, with some replaced; nil takes one away.
    static func claims(_ changes: [String: String?] = [:]) -> String {
        var claims: [String: String?] = [
            "iss": "\"\(Self.issuer)\"", "aud": "\"\(Self.audience)\"", "sub": "\"ann\"", "roles": "[\"viewer\"]",
            "exp": "\(Int(Self.now.seconds) + 300)",
        ]
        claims.merge(changes) { $1 }
        return "{" + claims.compactMap { name, value in value.map { "\"\(name)\":\($0)" } }.joined(separator: ",") + "}"
    }

    func hs256(_ claims: String = claims(), header: String = #"{"alg":"HS256"}"#, secret: [UInt8]? = nil) -> String {
        let text = Self.part(header) + "." + Self.part(claims)
        let key = SymmetricKey(data: secret ?? self.secret)
        let code = HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)
        return text + "." + Self.base64URL(Data(code))
    }

    func es256(_ claims: String = claims(), kid: String? = "curve", alg: String = "ES256") throws -> String {
        try Self.es256(self.curveKey, claims, kid: kid, alg: alg)
    }

    static func es256(
        _ key: P256.Signing.PrivateKey, _ claims: String = claims(), kid: String?, alg: String = "ES256"
    ) throws -> String {
        let text = self.part(self.header(alg, kid)) + "." + self.part(claims)
        return text + "." + self.base64URL(try key.signature(for: Data(text.utf8)).rawRepresentation)
    }

    static func rs256(
        _ key: _RSA.Signing.PrivateKey, _ claims: String = claims(), kid: String?, alg: String = "RS256"
    ) throws -> String {
        let text = self.part(self.header(alg, kid)) + "." + self.part(claims)
        let digest = SHA256.hash(data: Data(text.utf8))
        let signature = try key.signature(for: digest, padding: .insecurePKCS1v1_5)
        return text + "." + self.base64URL(signature.rawRepresentation)
    }

    /// The public key of `curveKey` as an entry of a JWKS.
    var curveEntry: String { Self.entry(self.curveKey, kid: "curve") }

    static func entry(_ key: P256.Signing.PrivateKey, kid: String, more: String = "") -> String {
        let raw = key.publicKey.rawRepresentation
        return #"{"kty":"EC","crv":"P-256","kid":"\#(kid)","x":"\#(base64URL(raw.prefix(32)))","#
            + #""y":"\#(base64URL(raw.suffix(32)))"\#(more)}"#
    }

    static func entry(_ key: _RSA.Signing.PrivateKey, kid: String) throws -> String {
        let parts = try key.publicKey.getKeyPrimitives()
        return #"{"kty":"RSA","use":"sig","kid":"\#(kid)","n":"\#(base64URL(parts.modulus))","#
            + #""e":"\#(base64URL(parts.publicExponent))"}"#
    }

    static func base64URL(_ bytes: Data) -> String {
        bytes.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    static func part(_ json: String) -> String { self.base64URL(Data(json.utf8)) }

    private static func header(_ alg: String, _ kid: String?) -> String {
        #"{"alg":"\#(alg)"\#(kid.map { #","kid":"\#($0)""# } ?? "")}"#
    }
}

/// A file for a test, gone with its last use.
final class TestFile: Sendable {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("churn-\(UUID().uuidString)").path

    init(_ text: String) throws { try self.write(text) }

    /// Writes the file again, as a replacement that has a number of its own.
    func write(_ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: self.path), options: .atomic)
    }

    func remove() { try? FileManager.default.removeItem(atPath: self.path) }

    deinit { self.remove() }
}
