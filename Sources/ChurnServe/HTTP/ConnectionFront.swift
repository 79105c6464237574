import Logging
import NIOCore

/// The front of every connection: TLS, the hosts and origins that count, and the limit by address.
struct ConnectionFront: Sendable {
    /// The host that was configured.
    var host: String
    /// More hosts under which the server answers.
    var hosts: [HostPort] = []
    var origins = OriginPolicy()
    /// nil for plain text.
    var certificate: ServerCertificate?
    var isBehindProxy = false
    var basePath = ""
    var probePaths: Set<String> = []
    var addresses: RateLimiter

    /// The front that a configuration asks for.
    ///
    /// - Parameter probePaths: the addresses of health and metrics.
    init(_ configuration: ServerConfiguration, probePaths: Set<String>, logger: Logger) throws {
        self.basePath = configuration.basePath
        self.probePaths = probePaths
        self.host = configuration.host
        self.hosts = configuration.hosts.compactMap { HostPort($0) }
        self.origins = configuration.originPolicy
        self.certificate = try configuration.tls.map { try ServerCertificate($0, logger: logger) }
        self.isBehindProxy = configuration.isBehindProxy
        self.addresses = RateLimiter(perSecond: configuration.limits.requestsPerSecondPerAddress)
    }

    /// Returns the screen of requests for a connection to this address.
    func screen(at local: SocketAddress?, webSocketPaths: Set<String>, maximumBodyBytes: Int) -> RequestScreen {
        // The address that was connected to is a host too: no other site's name can lead a browser to it.
        let own = local?.ipAddress.map { HostPort(literal: $0, port: local?.port) }
        return RequestScreen(
            host: self.host, port: local?.port ?? 0, webSocketPaths: webSocketPaths,
            maximumBodyBytes: maximumBodyBytes, hosts: self.hosts + (own.map { [$0] } ?? []), origins: self.origins,
            probePaths: self.probePaths, basePath: self.basePath)
    }
}
