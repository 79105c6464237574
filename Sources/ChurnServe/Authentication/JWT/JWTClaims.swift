import ChurnCore
import JWTKit

/// A claim's value, as far as anything here looks at it.
enum JWTClaimValue: Decodable, Sendable {
    case text(String)
    case list([JWTClaimValue])
    case number(Double)
    case object([String: JWTClaimValue])
    case other

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let list = try? value.decode([JWTClaimValue].self) {
            self = .list(list)
        } else if let object = try? value.decode([String: JWTClaimValue].self) {
            self = .object(object)
        } else {
            self = .other
        }
    }

    /// One text or several, as audiences may be written; what else a list holds is passed over, and nil for anything
    /// else.
    var texts: [String]? {
        switch self {
        case .text(let text): [text]
        case .list(let list): list.compactMap { if case .text(let text) = $0 { text } else { nil } }
        case .number, .object, .other: nil
        }
    }

    /// Names as roles may be written: several texts, or one with spaces between them, as a scope is (RFC 8693).
    var names: [String]? { self.texts?.flatMap { $0.split(separator: " ").map(String.init) } }

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

    /// A claim by its name, or by names separated by dots that lead into objects; a name may have dots of its own.
    subscript(name: String) -> JWTClaimValue? {
        Self.find(name.split(separator: ".", omittingEmptySubsequences: false)[...], in: self.claims)
    }

    /// The whole path is tried as one name first, then the longest beginning of it that leads on.
    private static func find(_ path: ArraySlice<Substring>, in level: [String: JWTClaimValue]) -> JWTClaimValue? {
        if let direct = level[path.joined(separator: ".")] { return direct }
        for length in (1..<max(1, path.count)).reversed() {
            guard case .object(let next)? = level[path.prefix(length).joined(separator: ".")] else { continue }
            if let found = self.find(path.dropFirst(length), in: next) { return found }
        }
        return nil
    }

    /// The principal, where the claims are what is accepted at this time.
    func principal(_ accepted: JWTConfiguration, now: Timestamp) throws(JWTRefusal) -> Principal {
        guard case .text(accepted.issuer)? = self.claims["iss"] else { throw .issuer }
        guard let audiences = self.claims["aud"]?.texts, audiences.contains(accepted.audience) else { throw .audience }
        guard let expiry = self.claims["exp"]?.time?.advanced(by: accepted.leeway), now < expiry else { throw .expiry }
        guard case .text(let subject)? = self.claims["sub"], Self.isName(subject) else { throw .subject }
        if let notBefore = self.claims["nbf"] {
            guard let time = notBefore.time, time <= now.advanced(by: accepted.leeway) else { throw .notBefore }
        }
        let names = self[accepted.rolesClaim]?.names ?? []
        return Principal(
            name: "user:\(subject)", roles: Set(names.compactMap(Role.init(rawValue:))), expiry: expiry)
    }

    /// Returns whether a subject can stand in logs and lists: not empty, short, and without control characters.
    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 256
            && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }
}
