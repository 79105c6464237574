import ChurnCore

extension Setting where Value == String {
    static let httpHost = text(
        "http.host", "127.0.0.1",
        "The address to listen on; other machines may reach it only with sign-in and TLS, or behind a proxy.")
    static let httpAdminHost = text("http.adminHost", "127.0.0.1", "The address of the admin port.")
    static let authMode = choice(
        "auth.mode", ["keys", "jwt", "keys,jwt", "none"], "keys",
        "How callers sign in: API keys, JSON Web Tokens, both, or not at all (on loopback only).")
    static let authJwtRolesClaim = text(
        "auth.jwtRolesClaim", "roles",
        "The claim that lists a token's roles (viewer, agent, ingest, admin); dots lead into objects.")
}

extension Setting where Value == String? {
    static let httpHosts = text(
        "http.hosts", "More names under which clients reach the server, each perhaps with a port, separated by commas.")
    static let httpOrigins = text(
        "http.origins", "Origins of other pages that may use the server, such as https://dashboard.example.")
    static let httpTlsCertificateFile = text(
        "http.tlsCertificateFile",
        "The server's certificate and those that signed it, in PEM; with it comes TLS. Read again when it changes.")
    static let httpTlsKeyFile = text("http.tlsKeyFile", "The certificate's private key, in PEM.")
    static let httpDashboard = text(
        "http.dashboard", "The folder of the built dashboard; where it is not given, one beside the program, if any.")
    static let authJwtIssuer = text("auth.jwtIssuer", "Who must have issued a token (`iss`).")
    static let authJwtAudience = text("auth.jwtAudience", "Whom a token must be meant for (`aud`).")
    static let authJwtSecretFile = text(
        "auth.jwtSecretFile", "A file with the secret of HS256, at least 32 bytes.")
    static let authJwtKeysFile = text(
        "auth.jwtKeysFile", "Public keys for RS256 and ES256, as a JWKS or in PEM; read again when the file changes.")
}

extension Setting where Value == Int {
    static let httpPort = integer("http.port", 0...65_535, 8_080, "The port to listen on; 0 takes any free one.")
    static let httpRequestsPerPrincipal = integer(
        "http.requestsPerSecond", 1...1_000_000, 200, "How many requests a second each caller may make.")
    static let httpRequestsPerAddress = integer(
        "http.requestsPerSecondPerAddress", 1...1_000_000, 1_000, "How many requests a second each address may make.")
}

extension Setting where Value == Int? {
    static let httpAdminPort = integer(
        "http.adminPort", 0...65_535, "A port for health and metrics alone; without it they are on the main port.")
}

extension Setting where Value == Bool {
    static let httpBehindProxy = boolean(
        "http.behindProxy", false,
        "Whether a proxy with TLS stands before the server and adds the client's address to X-Forwarded-For.")
}
