import ChurnCore
import ChurnInsight
import ChurnServe
import Foundation
import Logging

extension Deployment {
    /// Returns the configuration of the server.
    func server() throws -> ServerConfiguration {
        let configuration = self.configuration
        var server = ServerConfiguration(host: configuration[\.httpHost], port: configuration[\.httpPort])
        server.limits.requestsPerSecondPerPrincipal = configuration[\.httpRequestsPerPrincipal]
        server.limits.requestsPerSecondPerAddress = configuration[\.httpRequestsPerAddress]
        server.limits.maximumConnectionsPerAddress = configuration[\.httpConnectionsPerAddress]
        server.limits.keepAliveTimeout = configuration[\.httpKeepAliveTimeout]
        server.limits.reservedDescriptors = self.reservedDescriptors
        server.isBehindProxy = configuration[\.httpBehindProxy]
        server.hosts = Self.list(configuration[\.httpHosts])
        server.origins = Self.list(configuration[\.httpOrigins])
        // With or without slashes around it: both are written.
        let base = (configuration[\.httpBasePath] ?? "").split(separator: "/").joined(separator: "/")
        server.basePath = base.isEmpty ? "" : "/" + base
        server.servesOperations = configuration[\.httpAdminPort] == nil
        server.dashboard = try DashboardFolder.bundle(named: configuration[\.httpDashboard], logger: self.logger)
        if configuration[\.httpTlsCertificateFile] != nil || configuration[\.httpTlsKeyFile] != nil {
            // Both, or the validation has refused it.
            server.tls = TLSFiles(
                certificates: try configuration.required(\.httpTlsCertificateFile),
                key: try configuration.required(\.httpTlsKeyFile))
        }
        return server
    }

    /// The configuration of a separate port for health and metrics; nil where there is none.
    var adminServer: ServerConfiguration? {
        self.configuration[\.httpAdminPort].map {
            var server = ServerConfiguration(host: self.configuration[\.httpAdminHost], port: $0)
            server.limits.maximumConnections = Self.adminConnections
            server.limits.maximumConnectionsPerAddress = Self.adminConnections / 2
            server.limits.keepAliveTimeout = self.configuration[\.httpKeepAliveTimeout]
            return server
        }
    }

    /// As many as probes and scrapers need.
    private static let adminConnections = 32

    /// The number of files that this process opens besides its clients' connections, at most: event loops, pools
    /// and those who cancel their statements, brokers, models and whatever is read from disk.
    private var reservedDescriptors: Int {
        48 + 8 * ProcessInfo.processInfo.activeProcessorCount + 2 * self.configuration[\.postgresPoolSize]
            + (self.configuration[\.httpAdminPort] == nil ? 0 : Self.adminConnections)
    }

    /// Returns the access to the server.
    ///
    /// - Parameters:
    ///   - keys: where API keys are kept.
    ///   - audit: where changes are written down.
    func access(keys: any APIKeyStore, audit: any AuditLog) async throws -> AccessControl {
        let modes = self.signInModes
        var authenticators: [any Authenticator] = []
        if modes.contains("keys") { authenticators.append(APIKeyAuthenticator(store: keys)) }
        if modes.contains("jwt") {
            authenticators.append(try await JWTAuthenticator(self.tokens(), logger: self.logger))
        }
        guard !authenticators.isEmpty else {
            self.logger.notice(
                "Callers do not sign in: whoever can connect on this machine may do everything (auth.mode is none)")
            return .open(audit: audit)
        }
        return AccessControl(authenticator: MultiplexAuthenticator(authenticators), audit: audit)
    }

    /// The ways in which callers sign in.
    var signInModes: [String] { Self.list(self.configuration[\.authMode]) }

    /// Whether callers sign in.
    var signsIn: Bool { self.signInModes != ["none"] }

    /// Reads what tokens are checked with, where they are accepted.
    func checkTokens() async throws {
        if self.signInModes.contains("jwt") { _ = try await JWTAuthenticator(self.tokens()) }
    }

    private func tokens() throws -> JWTConfiguration {
        let configuration = self.configuration
        return JWTConfiguration(
            issuer: try configuration.required(\.authJwtIssuer),
            audience: try configuration.required(\.authJwtAudience),
            secret: try configuration[\.authJwtSecretFile].map { try Self.secret(at: $0) },
            keysFile: configuration[\.authJwtKeysFile], rolesClaim: configuration[\.authJwtRolesClaim])
    }

    /// The bytes of a file without the line's end that editors add.
    private static func secret(at path: String) throws -> Secret<[UInt8]> {
        do {
            let bytes = try RegularFile.bytes(at: path, atMost: 64 * 1024)
            let end = bytes.lastIndex { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }.map { $0 + 1 } ?? 0
            return Secret(Array(bytes[..<end]))
        } catch {
            throw ChurnError.outOfDescriptors(during: "read the secret of tokens")
                ?? ChurnError(
                    .invalidConfiguration, .fatal, during: "read the secret of tokens",
                    advice: "\(path) cannot be read; check that it is a file and may be read")
        }
    }

    private static func list(_ text: String?) -> [String] {
        (text ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }
}
