import ChurnCore
import JWTKit

/// A claim's value, as far as anything here looks at it.
enum JWTClaimValue: Decodable, Sendable {
    case text(String)
    case texts([String])
    case number(Double)
    case object([String: JWTClaimValue])
    case other

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let texts = try? value.decode([String].self) {
            self = .texts(texts)
        } else if let object = try? value.decode([String: JWTClaimValue].self) {
            self = .object(object)
        } else {
            self = .other
        }
    }

    /// One text or several, as audiences and roles may be written; nil for anything else.
    var list: [String]? {
        switch self {
        case .text(let text): [text]
        case .texts(let texts): texts
        case .number, .object, .other: nil
        }
    }

    /// A point in time in seconds since the epoch; nil for anything else.
    var time: Timestamp? {
        if case .number(let seconds) = self { Timestamp(seconds: seconds) } else { nil }
    }
}

/// The claims of a token.
///
/// Its signature has been checked once it exists; what it says has not.
struct JWTClaims: JWTPayload {
    private let claims: [String: JWTClaimValue]

    init(from decoder: any Decoder) throws {
        self.claims = try decoder.singleValueContainer().decode([String: JWTClaimValue].self)
    }

    /// Nothing here writes tokens.
    func encode(to encoder: any Encoder) throws {
        throw EncodingError.invalidValue(
            self, EncodingError.Context(codingPath: encoder.codingPath, debugDescription: "tokens are only read"))
    }

    /// The claims are judged by ``JWTAuthenticator``, which knows what is accepted.
    func verify(using algorithm: some JWTAlgorithm) async throws {}

    /// A claim by its name, or by names separated by dots that lead into objects.
    subscript(name: String) -> JWTClaimValue? {
        if let direct = self.claims[name] { return direct }
        var level = self.claims
        let path = name.split(separator: ".").map(String.init)
        for step in path.dropLast() {
            guard case .object(let next)? = level[step] else { return nil }
            level = next
        }
        return path.last.flatMap { level[$0] }
    }

    /// The principal, where the claims are what is accepted at this time.
    func principal(_ accepted: JWTConfiguration, now: Timestamp) -> Principal? {
        guard case .text(accepted.issuer)? = self.claims["iss"],
            let audiences = self.claims["aud"]?.list, audiences.contains(accepted.audience),
            let expiry = self.claims["exp"]?.time?.advanced(by: accepted.leeway), now < expiry,
            case .text(let subject)? = self.claims["sub"], Self.isName(subject)
        else { return nil }
        if let notBefore = self.claims["nbf"] {
            guard let time = notBefore.time, time <= now.advanced(by: accepted.leeway) else { return nil }
        }
        let roles = self[accepted.rolesClaim]?.list ?? []
        return Principal(
            name: "user:\(subject)", roles: Set(roles.compactMap(Role.init(rawValue:))), expiry: expiry)
    }

    /// Returns whether a subject can stand in logs and lists: not empty, short, and without control characters.
    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 256
            && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }
}
