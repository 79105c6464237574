import ChurnCore
import Foundation
import JWTKit

/// Public keys from a file, read again when the file changes or a token names a key that is not known.
///
/// The file is looked at once a second at most, and for an unknown key read once in five, whatever tokens come. A file
/// that cannot be read or has become wrong leaves the keys that were read before.
final class PublicKeysFile: Sendable {
    private struct State {
        var keys: PublicKeys
        var stamp: FileStamp
        var lookedAt: ContinuousClock.Instant
        var readAt: ContinuousClock.Instant
    }

    private static let maximumBytes = 1 << 20
    private let path: String
    private let state: Locked<State>

    /// Reads the file.
    ///
    /// - Throws: ``/ChurnCore/ChurnError`` when it cannot be read or has no key that can be used.
    init(path: String) async throws {
        self.path = path
        let stamp = FileStamp(path: path)
        let keys = try await Self.read(path)
        let now = ContinuousClock.now
        self.state = Locked(State(keys: keys, stamp: stamp, lookedAt: now, readAt: now))
    }

    /// The keys that may have signed a token, which names one of them or none.
    func keys(
        named name: String?, algorithm: String, now: ContinuousClock.Instant = .now
    ) async -> [JWTKeyCollection] {
        let isDue: FileStamp? = self.state.withLock { state in
            let isUnknown = !state.keys.knows(name) && state.readAt.duration(to: now) >= .seconds(5)
            guard isUnknown || state.lookedAt.duration(to: now) >= .seconds(1) else { return nil }
            state.lookedAt = now
            let stamp = FileStamp(path: self.path)
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
        return self.state.withLock { $0.keys.keys(named: name, algorithm: algorithm) }
    }

    private static func read(_ path: String) async throws -> PublicKeys {
        let bytes: [UInt8]
        do {
            bytes = try RegularFile.bytes(at: path, atMost: self.maximumBytes + 1)
        } catch {
            throw ChurnError.outOfDescriptors(during: "read public keys", underlying: error)
                ?? PublicKeys.fault(path, "cannot be read; check that it is a file and may be read")
        }
        guard bytes.count <= self.maximumBytes else { throw PublicKeys.fault(path, "is larger than 1 MiB") }
        return try await PublicKeys(Data(bytes), path: path)
    }
}
