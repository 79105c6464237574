import ChurnCore
import Crypto
import Foundation
import NIOSSL
import ServeTestSupport
import SwiftASN1
import Testing
import X509

@testable import ChurnServe

@Suite(.timeLimit(.minutes(2))) struct TLSTests {
    /// A certificate for localhost, signed by itself, and its key.
    private struct Files {
        let certificate: TestFile
        let key: TestFile
        let trust: NIOSSLTrustRoots

        init() throws {
            let key = P256.Signing.PrivateKey()
            let name = try DistinguishedName { CommonName("localhost") }
            let certificate = try Certificate(
                version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey),
                notValidBefore: Date(timeIntervalSinceNow: -60), notValidAfter: Date(timeIntervalSinceNow: 3_600),
                issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
                extensions: try Certificate.Extensions {
                    Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                    SubjectAlternativeNames([.dnsName("localhost")])
                },
                issuerPrivateKey: .init(key))
            let pem = try certificate.serializeAsPEM().pemString
            self.certificate = try TestFile(pem + "\n")
            self.key = try TestFile(key.pemRepresentation + "\n")
            self.trust = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(pem.utf8)))
        }

        var server: TLSFiles { TLSFiles(certificates: self.certificate.path, key: self.key.path) }

        func client(_ change: (inout TLSConfiguration) -> Void = { _ in }) throws -> NIOSSLContext {
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.trustRoots = self.trust
            change(&configuration)
            return try NIOSSLContext(configuration: configuration)
        }
    }

    @Test("with a certificate the server speaks TLS 1.2 and 1.3", arguments: [TLSVersion.tlsv12, .tlsv13])
    func served(_ version: TLSVersion) async throws {
        let files = try Files()
        let client = try files.client {
            $0.minimumTLSVersion = version
            $0.maximumTLSVersion = version
        }
        try await ServeHarness.run(change: { $0.tls = files.server }) { server in
            let answer = try await server.request("/health/live", tls: client)
            #expect(answer.status == 200)
            #expect(try await server.request("/nothing", tls: client).status == 404)
            let own = "Content-Type: application/json\r\nOrigin: https://localhost:\(server.port)\r\n"
            #expect(try await server.request("/nothing", method: "POST", headers: own, tls: client).status == 404)
            let plain = own.replacing("https", with: "http")
            #expect(try await server.request("/nothing", method: "POST", headers: plain, tls: client).status == 403)
            // Refused by the gate, which answers by itself and ends the connection.
            let refused = try await server.request("/", headers: "Content-Length: 70000\r\n", tls: client)
            #expect(refused.status == 413)
        }
    }

    @Test("older versions and plain text get no answer")
    func refused() async throws {
        let files = try Files()
        let old = try files.client {
            $0.minimumTLSVersion = .tlsv1
            $0.maximumTLSVersion = .tlsv11
        }
        try await ServeHarness.run(change: { $0.tls = files.server }) { server in
            let client = try await RawClient.connect(port: server.port, tls: old)
            try? await client.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try await eventually("the connection ended") { client.isClosed }
            #expect(client.received.isEmpty)
            let plain = try await RawClient.connect(port: server.port)
            try await plain.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try await eventually("the connection ended") { plain.isClosed }
            #expect(!plain.text.contains("HTTP/1.1 200"))
            // The server goes on.
            #expect(try await server.request("/health/live", tls: files.client()).status == 200)
        }
    }

    @Test("a client that never shakes hands is cut off in time")
    func slowHandshake() async throws {
        let files = try Files()
        var limits = ServerLimits()
        limits.headerTimeout = .milliseconds(200)
        try await ServeHarness.run(limits: limits, change: { $0.tls = files.server }) { server in
            let client = try await RawClient.connect(port: server.port)
            try await eventually("the connection ended") { client.isClosed }
        }
    }

    @Test("files that do not fit are named, and the server does not start")
    func badFiles() async throws {
        let (files, other) = (try Files(), try Files())
        let empty = try TestFile("nothing\n")
        for (pair, named) in [
            (TLSFiles(certificates: "/nowhere.pem", key: files.key.path), "/nowhere.pem"),
            (TLSFiles(certificates: empty.path, key: files.key.path), empty.path),
            (TLSFiles(certificates: files.certificate.path, key: "/nowhere.key"), "/nowhere.key"),
            (TLSFiles(certificates: files.certificate.path, key: empty.path), empty.path),
            (TLSFiles(certificates: files.certificate.path, key: other.key.path), other.key.path),
        ] {
            let error = #expect(throws: ChurnError.self) { try NIOSSLContext.server(pair) }
            #expect(error?.code == .invalidConfiguration && error?.advice.contains(named) == true)
        }
    }
}
