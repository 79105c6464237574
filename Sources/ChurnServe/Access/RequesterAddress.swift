import NIOCore
import NIOHTTP1

/// The sender of a request, as far as its address identifies it.
enum RequesterAddress {
    /// The address that the limits count by.
    ///
    /// Behind a proxy it is the last that the proxy appended to X-Forwarded-For: those before it are the client's own
    /// claims. All of an IPv6 network of 64 bits counts as one, for its owner may use any address of it.
    static func key(of peer: SocketAddress?, headers: HTTPHeaders, isBehindProxy: Bool) -> String {
        if isBehindProxy, let forwarded = headers[canonicalForm: "x-forwarded-for"].last,
            let address = self.address(forwarded)
        {
            return self.key(of: address)
        }
        return peer.map { self.key(of: $0) } ?? "unknown"
    }

    /// Reads an address as proxies write it: alone, in brackets, in quotes, and with the client's port.
    private static func address(_ text: Substring) -> SocketAddress? {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        if text.count > 1, text.first == "\"", text.last == "\"" { text = text.dropFirst().dropLast() }
        if let address = try? SocketAddress(ipAddress: String(text), port: 0) { return address }
        // Only with brackets are the port's digits of an IPv6 address apart from its own.
        return HostPort(String(text)).flatMap { try? SocketAddress(ipAddress: $0.host, port: 0) }
    }

    /// The address that the limits count a connection by.
    static func key(of address: SocketAddress) -> String {
        guard let text = address.ipAddress else { return "unknown" }
        guard case .v6(let v6) = address else { return text }
        // On every system family, port and flow come before the address, eight bytes in all.
        let network = withUnsafeBytes(of: v6.address) { Array($0.dropFirst(8).prefix(8)) }
        // IPv4 within IPv6 has no network there: its last four bytes are the address.
        guard network.contains(where: { $0 != 0 }) else { return text }
        return network.map { String($0, radix: 16) }.joined(separator: ":")
    }
}
