import ChurnCore
import Crypto
import Foundation
import JWTKit

/// The public keys of a file: those that have names, and those that have none.
struct PublicKeys: Sendable {
    /// A key and the only algorithm that it is used with.
    struct Key: Sendable {
        var algorithm: String
        var collection: JWTKeyCollection
    }

    private static let maximumKeys = 100
    private static let maximumUnnamedKeys = 10

    private var named: [String: Key] = [:]
    private var unnamed: [Key] = []

    /// Returns whether a key has this name.
    func knows(_ name: String?) -> Bool { name.map { self.named[$0] != nil } ?? true }

    /// The keys that may have signed a token: the one that it names, and those without names.
    func keys(named name: String?, algorithm: String) -> [JWTKeyCollection] {
        let named = name.flatMap { self.named[$0] }.map { [$0] } ?? []
        return (named + self.unnamed).filter { $0.algorithm == algorithm }.map(\.collection)
    }

    /// Reads a JWKS (RFC 7517), whose keys have names, or keys in PEM, which have none.
    ///
    /// - Throws: ``/ChurnCore/ChurnError`` that names the file when there is no key that can be used.
    init(_ bytes: Data, path: String) async throws {
        if bytes.firstRange(of: Data("-----BEGIN ".utf8)) != nil {
            try await self.readPEM(String(decoding: bytes, as: UTF8.self), path)
        } else {
            try await self.readJWKS(bytes, path)
        }
    }

    private mutating func readJWKS(_ bytes: Data, _ path: String) async throws {
        guard let set = try? JSONDecoder().decode(JWKSDocument.self, from: bytes) else {
            throw Self.fault(path, "is neither a JWKS, a JSON object with a list `keys`, nor keys in PEM")
        }
        if RepeatedJSONKey.first(in: bytes) != nil { throw Self.fault(path, "has an object with the same key twice") }
        guard set.keys.count <= Self.maximumKeys else { throw Self.fault(path, "has more than 100 keys") }
        for entry in set.keys {
            guard let usable = entry.usable else { continue }
            guard !usable.isPrivate else { throw Self.privateKey(path) }
            guard self.named[usable.name] == nil else { throw Self.fault(path, "names two keys alike") }
            let collection = JWTKeyCollection()
            do {
                try await collection.add(jwk: usable.jwk)
            } catch {
                throw Self.fault(path, "has a key that is damaged or too short")
            }
            self.named[usable.name] = Key(algorithm: usable.algorithm, collection: collection)
        }
        guard !self.named.isEmpty else {
            throw Self.fault(path, "has no key with a `kid` for signatures with RS256 or ES256")
        }
    }

    private mutating func readPEM(_ text: String, _ path: String) async throws {
        for block in PEMBlock.all(in: text) {
            if block.label.hasSuffix("PRIVATE KEY") { throw Self.privateKey(path) }
            guard ["PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE"].contains(block.label) else { continue }
            guard self.unnamed.count < Self.maximumUnnamedKeys else {
                throw Self.fault(path, "has more than 10 keys in PEM, which have no names; use a JWKS")
            }
            let collection = JWTKeyCollection()
            if let key = block.rsa {
                await collection.add(rsa: key, digestAlgorithm: .sha256)
                self.unnamed.append(Key(algorithm: "RS256", collection: collection))
            } else if let key = block.curve {
                await collection.add(ecdsa: key)
                self.unnamed.append(Key(algorithm: "ES256", collection: collection))
            } else {
                throw Self.fault(
                    path, "has a key that is damaged, or neither of RSA with 2048 bits or more nor of the curve P-256")
            }
        }
        guard !self.unnamed.isEmpty else { throw Self.fault(path, "has no public key or certificate in PEM") }
    }

    private static func privateKey(_ path: String) -> ChurnError {
        self.fault(path, "has a private key; give the public ones only")
    }

    static func fault(_ path: String, _ what: String) -> ChurnError {
        ChurnError(.invalidConfiguration, .fatal, during: "read the keys of tokens", advice: "\(path) \(what)")
    }
}

/// A stretch of PEM text (RFC 7468).
private struct PEMBlock {
    var label: String
    var text: String

    static func all(in text: String) -> [PEMBlock] {
        var blocks: [PEMBlock] = []
        var open: (label: String, lines: [Substring])?
        for line in text.split(whereSeparator: \.isNewline) {
            if line.hasPrefix("-----BEGIN "), line.hasSuffix("-----") {
                open = (String(line.dropFirst(11).dropLast(5)), [])
            }
            open?.lines.append(line)
            if let block = open, line == "-----END \(block.label)-----" {
                blocks.append(PEMBlock(label: block.label, text: block.lines.joined(separator: "\n") + "\n"))
                open = nil
            }
        }
        return blocks
    }

    /// The RSA key of at least 2048 bits that it holds: PKCS #1, PKCS #8's public form, or a certificate.
    var rsa: JWTKit.Insecure.RSA.PublicKey? {
        self.label == "CERTIFICATE"
            ? try? JWTKit.Insecure.RSA.PublicKey(certificatePEM: self.text)
            : try? JWTKit.Insecure.RSA.PublicKey(pem: self.text)
    }

    /// The key on P-256 that it holds.
    var curve: ES256PublicKey? {
        switch self.label {
        case "CERTIFICATE": try? ES256PublicKey(certificate: self.text)
        case "PUBLIC KEY": try? ES256PublicKey(pem: self.text)
        default: nil
        }
    }
}
