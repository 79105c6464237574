import ChurnCore

/// Where the server listens and what it allows.
public struct ServerConfiguration: Sendable {
    /// The address to bind: a loopback address, or a name of one, until authentication exists.
    public var host: String
    /// The port; 0 takes any free one.
    public var port: Int
    /// What clients may take.
    public var limits: ServerLimits

    /// Creates a configuration; the default is loopback, port 8080.
    public init(host: String = "127.0.0.1", port: Int = 8080, limits: ServerLimits = ServerLimits()) {
        self.host = host
        self.port = port
        self.limits = limits
    }

    /// Checks everything and reports all faults at once.
    public func validate() throws {
        var faults: [String] = []
        if !LoopbackAddress.contains(self.host) {
            faults.append(
                """
                host \(self.host) is not a loopback address. This version has no authentication and does not listen \
                where others could connect: use 127.0.0.1, and put a proxy that authenticates in front
                """)
        }
        if !(0...65_535).contains(self.port) { faults.append("port \(self.port) is not within 0 to 65535") }
        for (name, value) in self.counts where value < 1 { faults.append("limit \(name) must be at least 1") }
        for (name, value) in self.durations where value <= .zero { faults.append("limit \(name) must be above zero") }
        guard faults.isEmpty else {
            throw ChurnError(
                .invalidConfiguration, .fatal, during: "check server configuration",
                advice: faults.joined(separator: "; "))
        }
    }

    private var counts: [(String, Int)] {
        [
            ("maximumConnections", self.limits.maximumConnections), ("maximumSockets", self.limits.maximumSockets),
            ("maximumSocketsPerPrincipal", self.limits.maximumSocketsPerPrincipal),
            ("maximumFrameBytes", self.limits.maximumFrameBytes),
            ("maximumMessageBytes", self.limits.maximumMessageBytes),
            ("maximumFragments", self.limits.maximumFragments), ("commandsPerSecond", self.limits.commandsPerSecond),
            ("maximumSocketBufferBytes", self.limits.maximumSocketBufferBytes),
            ("maximumHeaderBytes", self.limits.maximumHeaderBytes), ("maximumHeaders", self.limits.maximumHeaders),
            ("maximumBodyBytes", self.limits.maximumBodyBytes),
        ]
    }

    private var durations: [(String, Duration)] {
        [
            ("pingInterval", self.limits.pingInterval), ("pongTimeout", self.limits.pongTimeout),
            ("socketIdleTimeout", self.limits.socketIdleTimeout), ("writeStallTimeout", self.limits.writeStallTimeout),
            ("maximumSocketAge", self.limits.maximumSocketAge), ("closeTimeout", self.limits.closeTimeout),
            ("signInTimeout", self.limits.signInTimeout), ("tokenCheckInterval", self.limits.tokenCheckInterval),
            ("headerTimeout", self.limits.headerTimeout), ("keepAliveTimeout", self.limits.keepAliveTimeout),
            ("requestDeadline", self.limits.requestDeadline), ("exchangeTimeout", self.limits.exchangeTimeout),
            ("shutdownTimeout", self.limits.shutdownTimeout),
        ]
    }
}
