import ChurnCore
import Crypto
import CryptoExtras
import Foundation
import NIOSSL
import ServeTestSupport
import Testing

@testable import ChurnServe

@Suite(
    "Keys and certificates as openssl makes them", .timeLimit(.minutes(3)),
    .enabled(if: TestAuthority.isThere, TestAuthority.absence))
struct TLSFileTests {
    @Test("private keys of every usual form serve TLS", arguments: TestAuthority.KeyForm.allCases)
    func keyForms(_ form: TestAuthority.KeyForm) async throws {
        let authority = try TestAuthority()
        let files = try authority.files(form)
        let client = try authority.client()
        try await ServeHarness.run(change: { $0.tls = files }) { server in
            let answer = try await server.request("/health/live", tls: client)
            #expect(answer.status == 200)
        }
    }

    @Test("with TLS every answer says that only https will do, without it none does")
    func strictTransport() async throws {
        let authority = try TestAuthority()
        let (files, client) = (try authority.files(), try authority.client())
        try await ServeHarness.run(change: { $0.tls = files }) { server in
            for (path, headers, status) in [
                ("/health/live", "", 200), ("/nothing", "", 404), ("/", "Content-Length: 70000\r\n", 413),
            ] {
                let answer = try await server.request(path, headers: headers, tls: client)
                #expect(answer.status == status && answer.header("strict-transport-security") == "max-age=31536000")
            }
        }
        try await ServeHarness.run { server in
            let answer = try await server.request("/health/live")
            #expect(answer.header("strict-transport-security") == nil)
        }
    }

    @Test("a replaced certificate is shown to new connections, and open ones go on")
    func reload() async throws {
        let (first, second) = (try TestAuthority(), try TestAuthority())
        let (old, new) = (try first.files(named: "old"), try second.files(named: "new"))
        let (certificates, key) = (
            try TestFile(Self.text(old.certificates)), try TestFile(Self.text(old.key))
        )
        var limits = ServerLimits()
        limits.certificateCheckInterval = .milliseconds(20)
        let files = TLSFiles(certificates: certificates.path, key: key.path)
        let (trustsOld, trustsNew) = (try first.client(), try second.client())
        try await ServeHarness.run(limits: limits, change: { $0.tls = files }) { server in
            let open = try await RawClient.connect(port: server.port, tls: trustsOld)
            let request = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
            try await open.send(request)
            try await eventually("it was answered") { open.text.contains("200 OK") }
            let socket = try await RawClient.connect(port: server.port, answersPings: true, tls: trustsOld)
            try await socket.send(WebSocketClient.handshake(port: server.port))
            try await eventually("the WebSocket is open") { socket.text.contains("101 Switching") }
            // Half of the pair: what was there goes on.
            try certificates.write(Self.text(new.certificates))
            #expect(try await server.request("/health/live", tls: trustsOld).status == 200)
            try key.write(Self.text(new.key))
            try await eventually("new connections are shown the new one") {
                (try? await server.request("/health/live", tls: trustsNew).status) == 200
            }
            #expect(try await Self.isRefused(by: trustsOld, server))
            try await open.send(request)
            try await eventually("the open one was answered again") { open.text.ranges(of: "200 OK").count == 2 }
            #expect(!open.isClosed && !socket.isClosed)
            // Nonsense in its place leaves it as it is.
            try key.write("nothing")
            for _ in 0..<3 { #expect(try await server.request("/health/live", tls: trustsNew).status == 200) }
            open.close()
            socket.close()
        }
    }

    private static func isRefused(by tls: NIOSSLContext, _ server: ServeHarness) async throws -> Bool {
        let client = try await RawClient.connect(port: server.port, tls: tls)
        defer { client.close() }
        try? await client.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        try await eventually("the connection ended") { client.isClosed }
        return client.received.isEmpty
    }

    private static func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    @Test("tokens are checked with public keys in PEM: PKCS #1, PKCS #8's public form, and certificates")
    func publicKeys() async throws {
        let authority = try TestAuthority()
        let rsaPath = try authority.key(.rsaPKCS8, named: "rsa")
        let curvePath = try authority.key(.curvePKCS8, named: "curve")
        let rsa = try _RSA.Signing.PrivateKey(pemRepresentation: Self.text(rsaPath))
        let curve = try P256.Signing.PrivateKey(pemRepresentation: Self.text(curvePath))
        let rsaTokens = try [nil, "any"].map { try TestTokens.rs256(rsa, kid: $0) }
        let curveTokens = try [nil, "any"].map { try TestTokens.es256(curve, kid: $0) }
        let cases: [(String, [String], [String])] = [
            (try authority.publicKey(of: rsaPath, ["pkey", "-pubout"]), rsaTokens, curveTokens),
            (try authority.publicKey(of: rsaPath, ["rsa", "-RSAPublicKey_out"]), rsaTokens, curveTokens),
            (try authority.certificate(for: rsaPath), rsaTokens, curveTokens),
            (try authority.publicKey(of: curvePath, ["ec", "-pubout"]), curveTokens, rsaTokens),
            (try authority.certificate(for: curvePath), curveTokens, rsaTokens),
        ]
        for (path, good, bad) in cases {
            let authenticator = try await Self.authenticator(path)
            for token in good { #expect(try await authenticator.principal(for: token)?.name == "user:ann", "\(path)") }
            for token in bad { #expect(try await authenticator.principal(for: token) == nil, "\(path)") }
            // The oldest trick: the public key as a secret.
            let forged = TestTokens().hs256(secret: Array(try Self.text(path).utf8))
            #expect(try await authenticator.principal(for: forged) == nil)
        }
        // Several in one file, as while keys change.
        let both = try TestFile(Self.text(cases[0].0) + Self.text(cases[3].0))
        let authenticator = try await Self.authenticator(both.path)
        for token in rsaTokens + curveTokens { #expect(try await authenticator.principal(for: token) != nil) }
    }

    @Test("files of keys for tokens that are private, of another kind or damaged are refused by name")
    func refusedKeys() async throws {
        let authority = try TestAuthority()
        let curvePath = try authority.key(.curveSEC1, named: "curve")
        let damaged = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"
        let cases = [
            (try Self.text(curvePath), "has a private key"),
            (try Self.text(authority.key(.rsaPKCS1, named: "rsa")), "has a private key"),
            (try Self.text(authority.key(.rsaPKCS8, named: "rsa8")), "has a private key"),
            (damaged, "damaged"), ("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n", "has no public key"),
            ("-----BEGIN PUBLIC KEY-----\nAAAA\n", "has no public key"),
        ]
        for (text, says) in cases {
            let file = try TestFile(text)
            let error = await #expect(throws: ChurnError.self) { try await Self.authenticator(file.path) }
            #expect(error?.code == .invalidConfiguration)
            #expect(error?.advice.contains(says) == true && error?.advice.contains(file.path) == true, "\(says)")
        }
    }

    private static func authenticator(_ path: String) async throws -> JWTAuthenticator {
        try await JWTAuthenticator(
            JWTConfiguration(issuer: TestTokens.issuer, audience: TestTokens.audience, keysFile: path),
            now: { TestTokens.now })
    }

    @Test("a certificate that runs out or whose files are away is degraded, and well again when they are back")
    func certificateHealth() throws {
        let authority = try TestAuthority()
        let files = try authority.files()
        let certificate = try ServerCertificate(files, logger: .quiet)
        let now = Timestamp.systemNow().microseconds / 1_000_000
        // It is valid for a day, so that a warning two weeks before would never end.
        #expect(certificate.health(at: now + 60) == .healthy)
        #expect(certificate.health(at: now + 86_400 - 600).reason?.contains("expires in") == true)
        #expect(certificate.health(at: now + 2 * 86_400).reason == "the certificate has expired")
        #expect(certificate.health(at: now - 86_400).reason == "the certificate is not valid yet")
        #expect(certificate.health(at: now + 2 * 86_400).isReady)
        try FileManager.default.moveItem(atPath: files.key, toPath: files.key + ".away")
        certificate.refresh()
        #expect(certificate.health(at: now + 60).reason?.contains("cannot be used") == true)
        try FileManager.default.moveItem(atPath: files.key + ".away", toPath: files.key)
        certificate.refresh()
        #expect(certificate.health(at: now + 60) == .healthy)
        // Its folder goes with it.
        withExtendedLifetime(authority) {}
    }
}
