import ArgumentParser

/// The options of the server for clients.
struct HttpOptions: ConfigurationFlags {
    @Option(help: help(Setting.httpHost)) var httpHost: String?
    @Option(help: help(Setting.httpPort)) var httpPort: String?
    @Option(help: help(Setting.httpHosts)) var httpHosts: String?
    @Option(help: help(Setting.httpOrigins)) var httpOrigins: String?
    @Option(help: help(Setting.httpTlsCertificateFile)) var httpTlsCertificateFile: String?
    @Option(help: help(Setting.httpTlsKeyFile)) var httpTlsKeyFile: String?
    @Option(help: help(Setting.httpDashboard)) var httpDashboard: String?
    @Option(help: help(Setting.httpBehindProxy)) var httpBehindProxy: String?
    @Option(help: help(Setting.httpAdminPort)) var httpAdminPort: String?
    @Option(help: help(Setting.httpAdminHost)) var httpAdminHost: String?
    @Option(help: help(Setting.httpRequestsPerPrincipal)) var httpRequestsPerSecond: String?
    @Option(help: help(Setting.httpRequestsPerAddress)) var httpRequestsPerSecondPerAddress: String?

    var typed: [(ConfigurationKey, String?)] {
        [
            (Setting.httpHost.key, self.httpHost), (Setting.httpPort.key, self.httpPort),
            (Setting.httpHosts.key, self.httpHosts), (Setting.httpOrigins.key, self.httpOrigins),
            (Setting.httpTlsCertificateFile.key, self.httpTlsCertificateFile),
            (Setting.httpTlsKeyFile.key, self.httpTlsKeyFile), (Setting.httpDashboard.key, self.httpDashboard),
            (Setting.httpBehindProxy.key, self.httpBehindProxy), (Setting.httpAdminPort.key, self.httpAdminPort),
            (Setting.httpAdminHost.key, self.httpAdminHost),
            (Setting.httpRequestsPerPrincipal.key, self.httpRequestsPerSecond),
            (Setting.httpRequestsPerAddress.key, self.httpRequestsPerSecondPerAddress),
        ]
    }
}

/// The options of authentication.
struct AuthOptions: ConfigurationFlags {
    @Option(name: [.customLong("auth-mode"), .customLong("auth")], help: help(Setting.authMode)) var mode: String?
    @Option(name: .customLong("auth-jwt-issuer"), help: help(Setting.authJwtIssuer)) var jwtIssuer: String?
    @Option(name: .customLong("auth-jwt-audience"), help: help(Setting.authJwtAudience)) var jwtAudience: String?
    @Option(name: .customLong("auth-jwt-secret-file"), help: help(Setting.authJwtSecretFile)) var jwtSecretFile: String?
    @Option(name: .customLong("auth-jwt-keys-file"), help: help(Setting.authJwtKeysFile)) var jwtKeysFile: String?
    @Option(name: .customLong("auth-jwt-roles-claim"), help: help(Setting.authJwtRolesClaim)) var jwtRolesClaim: String?

    var typed: [(ConfigurationKey, String?)] {
        [
            (Setting.authMode.key, self.mode), (Setting.authJwtIssuer.key, self.jwtIssuer),
            (Setting.authJwtAudience.key, self.jwtAudience), (Setting.authJwtSecretFile.key, self.jwtSecretFile),
            (Setting.authJwtKeysFile.key, self.jwtKeysFile), (Setting.authJwtRolesClaim.key, self.jwtRolesClaim),
        ]
    }
}
