/// The credential in a request's Authorization header: its only reader, for routes and for handshakes.
///
/// The credential comes in this header and nowhere else: addresses end up in logs and histories.
enum BearerCredential: Equatable, Sendable {
    case absent
    /// Several headers, another scheme, or no token.
    case malformed
    case token(String)

    /// The longest token, in bytes.
    static let maximumTokenBytes = 8 * 1024

    /// - Parameter headers: the values of all Authorization headers.
    init(_ headers: [String]) {
        guard let header = headers.first else {
            self = .absent
            return
        }
        // A scheme, one or more spaces, and a token without spaces (RFC 9110, section 11.4).
        let words = header.split(separator: " ")
        guard headers.count == 1, words.count == 2, words[0].lowercased() == "bearer",
            words[1].utf8.count <= Self.maximumTokenBytes, words[1].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            self = .malformed
            return
        }
        self = .token(String(words[1]))
    }
}
