#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Addresses and names that only this machine can reach.
package enum LoopbackAddress {
    /// Returns whether a host, without brackets and port, means this machine whatever a name server says.
    package static func contains(_ host: String) -> Bool {
        if host.lowercased() == "localhost" { return true }
        var (four, six) = (in_addr(), in6_addr())
        if inet_pton(AF_INET, host, &four) == 1 { return host.hasPrefix("127.") }
        guard inet_pton(AF_INET6, host, &six) == 1 else { return false }
        // ::1, however it is written.
        return withUnsafeBytes(of: &six) { $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1 }
    }
}
