/// The pages that a browser may let talk to the server: its own, and those of the list.
struct OriginPolicy: Sendable {
    /// The schemes under which the server's own pages come.
    var schemes = ["http"]
    /// More origins, in lower case, such as `https://dashboard.example`.
    var listed: Set<String> = []

    /// The port that a Host header without one means.
    var defaultPort: Int { self.schemes == ["https"] ? 443 : 80 }

    /// Returns whether an origin is the server's own, as the request's Host header names it.
    func isOwn(_ origin: String, host: String) -> Bool {
        let (origin, host) = (origin.lowercased(), host.lowercased())
        return self.schemes.contains { origin == "\($0)://\(host)" }
    }

    /// Returns whether an origin is on the list.
    func isListed(_ origin: String) -> Bool { self.listed.contains(origin.lowercased()) }

    /// Returns whether a page of this origin may talk to the server.
    func allows(_ origin: String, host: String) -> Bool { self.isOwn(origin, host: host) || self.isListed(origin) }

    /// Returns whether a text is an origin: scheme, host and perhaps a port, and nothing after them.
    static func isOrigin(_ text: String) -> Bool {
        for scheme in ["http://", "https://"] where text.lowercased().hasPrefix(scheme) {
            return HostPort(String(text.dropFirst(scheme.count))) != nil
        }
        return false
    }
}
