package import ChurnServe
import Foundation
package import NIOSSL
package import Testing

/// A certificate authority that openssl makes for a test, as an operator would.
package final class TestAuthority: Sendable {
    /// The forms in which private keys lie in files.
    package enum KeyForm: String, CaseIterable, Sendable {
        case rsaPKCS8, rsaPKCS1, curvePKCS8, curveSEC1, curveWithParameters
    }

    package static let isThere = (try? TestAuthority.openssl(["version"])) != nil
    package static let absence: Comment = "openssl is not on the PATH"

    private let folder: String
    package var certificatePath: String { self.folder + "/ca.pem" }

    package init() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("churn-ca-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        self.folder = folder
        try Self.openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=Test authority", "-keyout", folder + "/ca.key", "-out", folder + "/ca.pem",
        ])
    }

    deinit { try? FileManager.default.removeItem(atPath: self.folder) }

    /// A private key in a file.
    package func key(_ form: KeyForm, named name: String) throws -> String {
        let (made, path) = ("\(self.folder)/\(name).made", "\(self.folder)/\(name).key")
        switch form {
        case .rsaPKCS8, .rsaPKCS1:
            try Self.openssl(["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", made])
        case .curvePKCS8, .curveSEC1:
            try Self.openssl(["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", made])
        case .curveWithParameters:
            try Self.openssl(["ecparam", "-name", "prime256v1", "-genkey", "-out", path])
            return path
        }
        switch form {
        case .rsaPKCS1: try Self.openssl(["rsa", "-in", made, "-traditional", "-out", path])
        case .curveSEC1: try Self.openssl(["ec", "-in", made, "-out", path])
        default: try FileManager.default.moveItem(atPath: made, toPath: path)
        }
        return path
    }

    /// A certificate for localhost, of this authority, for the private key in a file.
    package func certificate(for key: String) throws -> String {
        let (request, path) = (key + ".csr", key + ".pem")
        try Self.openssl(["req", "-new", "-key", key, "-subj", "/CN=localhost", "-out", request])
        let extensions = key + ".ext"
        try Data("subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n".utf8)
            .write(to: URL(fileURLWithPath: extensions))
        try Self.openssl([
            "x509", "-req", "-in", request, "-CA", self.certificatePath, "-CAkey", self.folder + "/ca.key",
            "-CAcreateserial", "-days", "1", "-extfile", extensions, "-out", path,
        ])
        return path
    }

    /// A certificate and its key, in files.
    package func files(_ form: KeyForm = .curvePKCS8, named name: String = "server") throws -> TLSFiles {
        let key = try self.key(form, named: name)
        return TLSFiles(certificates: try self.certificate(for: key), key: key)
    }

    /// Returns the TLS context of a client that trusts this authority alone.
    package func client() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .file(self.certificatePath)
        return try NIOSSLContext(configuration: configuration)
    }

    /// The public half of a private key in a file, in one of openssl's forms.
    package func publicKey(of key: String, _ command: [String]) throws -> String {
        let path = "\(key).\(command.joined(separator: "")).pub"
        try Self.openssl(command + ["-in", key, "-out", path])
        return path
    }

    /// Runs openssl, which must succeed.
    @discardableResult
    private static func openssl(_ arguments: [String]) throws -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(command: arguments.first ?? "") }
        return true
    }

    struct Failed: Error {
        var command: String
    }
}
