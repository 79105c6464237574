import ChurnCore
import Foundation
import JWTKit

/// Public keys from a JWKS file (RFC 7517), read again when the file changes or a token names a key that is not known.
///
/// The file is looked at once a second at most, and for an unknown key read once in five, whatever tokens come. A file
/// that cannot be read or has become wrong leaves the keys that were read before.
final class JWKSFile: Sendable {
    /// A key and the only algorithm that it is used with.
    struct Key: Sendable {
        var algorithm: String
        var collection: JWTKeyCollection
    }

    private struct Stamp: Equatable {
        var modified: Date?
        var size: UInt64?
        var number: UInt64?
    }

    private struct State {
        var keys: [String: Key]
        var stamp: Stamp
        var lookedAt: ContinuousClock.Instant
        var readAt: ContinuousClock.Instant
    }

    private static let maximumBytes = 1 << 20
    private static let maximumKeys = 100
    private let path: String
    private let state: Locked<State>

    /// Reads the file.
    ///
    /// - Throws: ``ChurnCore/ChurnError`` when it cannot be read or has no key that can be used.
    init(path: String) async throws {
        self.path = path
        let stamp = Self.stamp(of: path)
        let keys = try await Self.read(path)
        let now = ContinuousClock.now
        self.state = Locked(State(keys: keys, stamp: stamp, lookedAt: now, readAt: now))
    }

    /// The key of this name; nil where there is none, now either.
    func key(named name: String, now: ContinuousClock.Instant = .now) async -> Key? {
        let isDue: Stamp? = self.state.withLock { state in
            let isUnknown = state.keys[name] == nil && state.readAt.duration(to: now) >= .seconds(5)
            guard isUnknown || state.lookedAt.duration(to: now) >= .seconds(1) else { return nil }
            state.lookedAt = now
            let stamp = Self.stamp(of: self.path)
            guard isUnknown || stamp != state.stamp else { return nil }
            state.readAt = now
            return stamp
        }
        if let stamp = isDue, let keys = try? await Self.read(self.path) {
            self.state.withLock { state in
                state.keys = keys
                state.stamp = stamp
            }
        }
        return self.state.withLock { $0.keys[name] }
    }

    private static func stamp(of path: String) -> Stamp {
        // The path is followed to its end, for orchestrators replace files by changing links.
        let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let found = try? FileManager.default.attributesOfItem(atPath: real)
        return Stamp(
            modified: found?[.modificationDate] as? Date, size: (found?[.size] as? NSNumber)?.uint64Value,
            number: (found?[.systemFileNumber] as? NSNumber)?.uint64Value)
    }

    private static func read(_ path: String) async throws -> [String: Key] {
        let bytes: Data
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            bytes = try file.read(upToCount: self.maximumBytes + 1) ?? Data()
        } catch {
            throw self.fault(path, "cannot be read; check that it exists and may be read")
        }
        guard bytes.count <= self.maximumBytes else { throw self.fault(path, "is larger than 1 MiB") }
        guard let set = try? JSONDecoder().decode(JWKSDocument.self, from: bytes) else {
            throw self.fault(path, "is not a JWKS: a JSON object with a list `keys`")
        }
        guard set.keys.count <= self.maximumKeys else { throw self.fault(path, "has more than 100 keys") }
        var keys: [String: Key] = [:]
        for entry in set.keys {
            guard let usable = entry.usable else { continue }
            guard !usable.isPrivate else {
                throw self.fault(path, "has a private key; give the public ones only")
            }
            guard keys[usable.name] == nil else { throw self.fault(path, "names two keys alike") }
            let collection = JWTKeyCollection()
            do {
                try await collection.add(jwk: usable.jwk)
            } catch {
                throw self.fault(path, "has a key that is damaged or too short")
            }
            keys[usable.name] = Key(algorithm: usable.algorithm, collection: collection)
        }
        guard !keys.isEmpty else {
            throw self.fault(path, "has no key with a `kid` for signatures with RS256 or ES256")
        }
        return keys
    }

    private static func fault(_ path: String, _ what: String) -> ChurnError {
        ChurnError(.invalidConfiguration, .fatal, during: "read the keys of tokens", advice: "\(path) \(what)")
    }
}
