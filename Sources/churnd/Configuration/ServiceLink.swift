/// The environment variables by which Kubernetes describes a service to every container of its namespace.
///
/// A service called `churn`, or with a name that begins so, gets names that look like configuration keys, and one of
/// `churn-http` even a key's own name; no one configured anything by them.
enum ServiceLink {
    /// Returns whether a variable describes a service.
    static func matches(name: String, value: String) -> Bool {
        guard name.hasPrefix("CHURN_") else { return false }
        let words = name.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
        // CHURN_SERVICE_HOST, CHURN_SERVICE_PORT, CHURN_SERVICE_PORT_HTTP
        for (word, next) in zip(words, words.dropFirst()) where word == "SERVICE" {
            if next == "PORT" || (next == "HOST" && words.last == "HOST") { return true }
        }
        // CHURN_PORT_8080_TCP, CHURN_PORT_8080_TCP_ADDR
        for (index, word) in words.enumerated() where word == "PORT" && index + 2 < words.count {
            guard Int(words[index + 1]) != nil, self.protocols.contains(words[index + 2].lowercased()) else { continue }
            let rest = words[(index + 3)...]
            if rest.isEmpty || (rest.count == 1 && ["ADDR", "PORT", "PROTO"].contains(rest.first)) { return true }
        }
        // CHURN_PORT=tcp://10.0.0.1:8080
        return words.last == "PORT" && self.protocols.contains { value.hasPrefix($0 + "://") }
    }

    private static let protocols = ["tcp", "udp", "sctp"]
}
