import Foundation

/// A token's header about its signature, before anything of it is believed.
struct JWTHead: Decodable {
    /// The algorithm.
    var alg: String
    /// The key's name.
    var kid: String?
    /// Extensions that the reader must understand; none is understood here.
    private var crit: [String]?

    /// Reads a token's first part; nil where it is no token, is too long, or asks for what is not understood.
    init?(token: String) {
        guard token.utf8.count <= BearerCredential.maximumTokenBytes else { return nil }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty }), let bytes = Self.bytes(ofBase64URL: parts[0]),
            let head = try? JSONDecoder().decode(JWTHead.self, from: bytes), head.crit == nil
        else { return nil }
        self = head
    }

    private static func bytes(ofBase64URL text: Substring) -> Data? {
        var base64 = String(text).replacing("-", with: "+").replacing("_", with: "/")
        base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        return Data(base64Encoded: base64)
    }
}
