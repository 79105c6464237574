import ChurnCore

/// What a request's Authorization header says.
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
        let parts = header.split(separator: " ", maxSplits: 1)
        guard headers.count == 1, parts.count == 2, parts[0].lowercased() == "bearer",
            parts[1].utf8.count <= Self.maximumTokenBytes, parts[1].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            self = .malformed
            return
        }
        self = .token(String(parts[1]))
    }
}
