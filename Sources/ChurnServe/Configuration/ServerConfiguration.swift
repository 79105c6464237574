import ChurnCore
import NIOSSL

/// The address on which the server listens, and its limits.
public struct ServerConfiguration: Sendable {
    /// The address to bind.
    ///
    /// Other machines may reach it only where callers sign in and nothing travels in plain text.
    public var host: String
    /// The port; 0 takes any free one.
    public var port: Int
    /// The limits of clients.
    public var limits: ServerLimits
    /// The certificate; nil for plain text.
    public var tls: TLSFiles?
    /// Whether a proxy that speaks TLS with the clients stands before the server, and adds X-Forwarded-For.
    public var isBehindProxy = false
    /// More names and addresses, each perhaps with a port, under which clients reach the server.
    public var hosts: [String] = []
    /// Origins of other pages that may use the server, such as `https://dashboard.example`.
    public var origins: [String] = []
    /// The path below which a proxy shows the server, such as `/churn`; empty for none.
    ///
    /// Needed only where the proxy passes the path on: the dashboard finds its own place behind one that takes it away.
    public var basePath = ""
    /// Whether health and metrics are served here too, and not on a port of their own only.
    public var servesOperations = true
    /// The dashboard that is served at `/`; without one a small page of the live feed stands there.
    public var dashboard: DashboardBundle?

    /// Creates a configuration; the default is loopback, port 8080.
    public init(host: String = "127.0.0.1", port: Int = 8080, limits: ServerLimits = ServerLimits()) {
        self.host = LoopbackAddress.withoutBrackets(host)
        self.port = port
        self.limits = limits
    }

    /// Whether only this machine can connect.
    public var isLoopback: Bool { LoopbackAddress.contains(self.host) }

    /// The pages that may use the server.
    var originPolicy: OriginPolicy {
        OriginPolicy(
            schemes: self.tls != nil ? ["https"] : self.isBehindProxy ? ["https", "http"] : ["http"],
            listed: Set(self.origins.map { $0.lowercased() }))
    }

    /// Checks everything and reports all faults at once.
    ///
    /// - Parameter access: who may do what; nil for a server of health and metrics only, which anyone may ask.
    public func validate(access: AccessControl? = .open()) throws {
        try Self.refuse(self.faults(isOpen: access?.isOpen))
    }

    /// Checks everything that a start needs but the address itself, the certificate's files and the limit of open files
    /// too, and reports all faults at once.
    ///
    /// - Parameter isOpen: whether everyone may do everything; nil for a server of health and metrics only.
    package func validateStart(isOpen: Bool?) throws {
        var faults = self.faults(isOpen: isOpen)
        func attempt(_ body: () throws -> Void) {
            do { try body() } catch { faults.append((error as? ChurnError)?.advice ?? "\(error)") }
        }
        attempt { _ = try self.tls.map { try NIOSSLContext.server($0) } }
        attempt { _ = try self.limits.connections(within: FileDescriptors.limit) }
        try Self.refuse(faults)
    }

    private func faults(isOpen: Bool?) -> [String] {
        var faults: [String] = []
        if let isOpen, !self.isLoopback {
            if isOpen {
                faults.append(
                    "host \(self.host) can be reached by others, and everyone may do everything: use 127.0.0.1, or let "
                        + "callers sign in with API keys or tokens")
            }
            if self.tls == nil, !self.isBehindProxy {
                faults.append(
                    "host \(self.host) can be reached by others, and credentials would travel in plain text: give a "
                        + "certificate, or say that a proxy with TLS stands before the server")
            }
        }
        for name in self.hosts where HostPort(name) == nil { faults.append("\(name) is no host name") }
        for origin in self.origins where !OriginPolicy.isOrigin(origin) {
            faults.append("\(origin) is no origin, such as https://dashboard.example")
        }
        if !BasePath.isValid(self.basePath) {
            faults.append(
                "\(self.basePath) is no base path, such as /churn: letters, digits, dots, dashes and underscores "
                    + "between slashes, none at its end, and not an address of the server's own")
        }
        if !(0...65_535).contains(self.port) { faults.append("port \(self.port) is not within 0 to 65535") }
        for (name, value) in self.counts where value < 1 { faults.append("limit \(name) must be at least 1") }
        for (name, value) in self.durations where value <= .zero { faults.append("limit \(name) must be above zero") }
        return faults
    }

    private static func refuse(_ faults: [String]) throws {
        guard faults.isEmpty else {
            throw ChurnError(
                .invalidConfiguration, .fatal, during: "check server configuration",
                advice: faults.joined(separator: "; "))
        }
    }

    private var counts: [(String, Int)] {
        [
            ("maximumConnections", self.limits.maximumConnections),
            ("maximumConnectionsPerAddress", self.limits.maximumConnectionsPerAddress ?? 1),
            ("reservedDescriptors", self.limits.reservedDescriptors), ("maximumSockets", self.limits.maximumSockets),
            ("maximumSocketsPerPrincipal", self.limits.maximumSocketsPerPrincipal),
            ("maximumFrameBytes", self.limits.maximumFrameBytes),
            ("maximumMessageBytes", self.limits.maximumMessageBytes),
            ("maximumFragments", self.limits.maximumFragments), ("commandsPerSecond", self.limits.commandsPerSecond),
            ("maximumSocketBufferBytes", self.limits.maximumSocketBufferBytes),
            ("sendBufferBytes", self.limits.sendBufferBytes),
            ("maximumHeaderBytes", self.limits.maximumHeaderBytes), ("maximumHeaders", self.limits.maximumHeaders),
            ("maximumBodyBytes", self.limits.maximumBodyBytes),
            ("requestsPerSecondPerPrincipal", self.limits.requestsPerSecondPerPrincipal),
            ("requestsPerSecondPerAddress", self.limits.requestsPerSecondPerAddress),
        ]
    }

    private var durations: [(String, Duration)] {
        [
            ("pingInterval", self.limits.pingInterval), ("pongTimeout", self.limits.pongTimeout),
            ("socketIdleTimeout", self.limits.socketIdleTimeout), ("writeStallTimeout", self.limits.writeStallTimeout),
            ("maximumSocketAge", self.limits.maximumSocketAge), ("closeTimeout", self.limits.closeTimeout),
            ("signInTimeout", self.limits.signInTimeout), ("tokenCheckInterval", self.limits.tokenCheckInterval),
            ("headerTimeout", self.limits.headerTimeout), ("keepAliveTimeout", self.limits.keepAliveTimeout),
            ("probeTimeout", self.limits.probeTimeout), ("requestDeadline", self.limits.requestDeadline),
            ("exchangeTimeout", self.limits.exchangeTimeout),
            ("shutdownTimeout", self.limits.shutdownTimeout), ("statementTimeout", self.limits.statementTimeout),
            ("poolWait", self.limits.poolWait), ("certificateCheckInterval", self.limits.certificateCheckInterval),
        ]
    }
}
