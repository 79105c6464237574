#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Addresses and names that only this machine can reach.
package enum LoopbackAddress {
    /// Returns whether a host, without a port, means this machine whatever a name server says.
    package static func contains(_ host: String) -> Bool {
        let host = self.withoutBrackets(host)
        // With a dot at its end it is the same name, spelled in full.
        if ["localhost", "localhost."].contains(host.lowercased()) { return true }
        var (four, six) = (in_addr(), in6_addr())
        if inet_pton(AF_INET, host, &four) == 1 { return host.hasPrefix("127.") }
        guard inet_pton(AF_INET6, host, &six) == 1 else { return false }
        // ::1, however it is written, and 127.0.0.0/8 within IPv6.
        return withUnsafeBytes(of: &six) { bytes in
            if bytes.dropLast().allSatisfy({ $0 == 0 }) { return bytes[15] == 1 }
            return bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
                && bytes[12] == 127
        }
    }

    /// Returns an IPv6 address without the brackets that keep it apart from a port.
    package static func withoutBrackets(_ host: String) -> String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }
}
