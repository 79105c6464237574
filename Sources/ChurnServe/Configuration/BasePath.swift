/// The path below which a proxy shows the server.
enum BasePath {
    /// The first parts of the server's own addresses: below one of them no one could say which of both is meant.
    private static let own: Set<String> = [
        "alerts", "analytics", "api", "assets", "customer", "docs", "docs.css", "docs.js", "health", "live", "live.css",
        "live.js", "metrics", "openapi.json", "watchlist", "ws",
    ]

    /// Returns whether a text is empty or names a path as it is written in addresses.
    static func isValid(_ path: String) -> Bool {
        if path.isEmpty { return true }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.first == "", parts.count > 1, path.utf8.count <= 200, !self.own.contains(parts[1]) else {
            return false
        }
        return parts.dropFirst().allSatisfy { part in
            part != "." && part != ".." && !part.isEmpty && part.utf8.allSatisfy(self.isPlain)
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
        default: false
        }
    }
}
