import NIOCore

/// Addresses and names that only this machine can reach.
enum LoopbackAddress {
    /// Returns whether a host, without brackets and port, means this machine whatever a name server says.
    static func contains(_ host: String) -> Bool {
        if host.lowercased() == "localhost" { return true }
        guard let address = try? SocketAddress(ipAddress: host, port: 0) else { return false }
        switch address {
        case .v4: return host.hasPrefix("127.")
        case .v6: return address.ipAddress == "::1"
        case .unixDomainSocket: return false
        }
    }
}
