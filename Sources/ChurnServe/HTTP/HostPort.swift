import NIOCore

/// The value of a Host header, or the authority of an origin.
struct HostPort: Equatable {
    /// The name or address, without brackets.
    var host: String
    /// The port; nil where none was given.
    var port: Int?

    /// Reads `name`, `name:port`, `address:port` or `[address]:port`; nil for anything else.
    init?(_ text: String) {
        let host: Substring
        var rest: Substring
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            rest = text[text.index(after: end)...]
            guard case .v6? = try? SocketAddress(ipAddress: String(host), port: 0) else { return nil }
        } else {
            host = text.prefix { $0 != ":" }
            rest = text[host.endIndex...]
            guard !host.isEmpty, host.utf8.allSatisfy(Self.isNameByte) else { return nil }
        }
        self.host = String(host)
        if rest.isEmpty { return }
        rest.removeFirst()
        guard rest.utf8.count <= 5, rest.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(rest),
            text[..<rest.startIndex].last == ":", (1...65_535).contains(port)
        else { return nil }
        self.port = port
    }

    /// An address that is known to be one.
    init(literal: String, port: Int?) {
        self.host = literal
        self.port = port
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
        default: false
        }
    }
}
