import ChurnCore
import Crypto
import Foundation

/// A trained model with all that is needed to use it and to trust it.
///
/// On disk a folder with three files: the booster (`booster.ubj` or `booster.json`), `manifest.json`
/// (``ModelManifest``), and `manifest.sha256`, which `sha256sum -c` reads.
public struct ModelBundle: Sendable {
    static let manifestName = "manifest.json"
    static let manifestDigestName = "manifest.sha256"
    static let boosterNames = BoosterFormat.allCases.map { "booster.\($0.rawValue)" }

    /// What the bundle says about its model.
    public let manifest: ModelManifest
    /// The booster's bytes as they are in the file.
    let boosterBytes: [UInt8]
    let scorer: ModelScorer

    init(manifest: ModelManifest, boosterBytes: [UInt8], scorer: ModelScorer) {
        self.manifest = manifest
        self.boosterBytes = boosterBytes
        self.scorer = scorer
    }

    /// The model's version: what decides a score decides it, so two models never share one.
    static func version(domain: String, encoder: EncoderSpec, boosterDigest: String) -> String {
        "\(domain)-\(SHA256.hex(of: [encoder.digest, boosterDigest]).prefix(12))"
    }

    /// Writes the bundle to a folder, which takes the place of a bundle that is there already.
    ///
    /// The folder appears with all its files or not at all. The same model gives the same bytes.
    ///
    /// - Throws: where the folder cannot be written, or something is there that is not a bundle.
    public func write(to path: String) throws {
        let files = FileManager.default
        let target = URL(fileURLWithPath: path).standardizedFileURL
        let isTaken = files.fileExists(atPath: target.path)
        if isTaken, !Self.isBundleOrEmpty(target) {
            throw ChurnError(
                .invalidFile, .fatal, during: "write a model",
                advice: "\(path) exists and is not a model bundle; name another folder or remove it")
        }
        let draft = target.deletingLastPathComponent()
            .appending(path: ".\(target.lastPathComponent).\(UUID().uuidString)")
        defer { try? files.removeItem(at: draft) }
        do {
            try files.createDirectory(at: draft, withIntermediateDirectories: true)
            let manifest = try Self.json(self.manifest)
            try Data(self.boosterBytes).write(to: draft.appending(path: self.manifest.booster.name))
            try Data(manifest).write(to: draft.appending(path: Self.manifestName))
            try Data(Self.seal(of: manifest)).write(to: draft.appending(path: Self.manifestDigestName))
            if isTaken { try files.removeItem(at: target) }
            try files.moveItem(at: draft, to: target)
        } catch {
            throw ChurnError(
                .invalidFile, .fatal, during: "write a model", advice: "\(path) cannot be written", underlying: error)
        }
    }

    private static func isBundleOrEmpty(_ folder: URL) -> Bool {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else { return false }
        return Set(names).isSubset(of: Self.boosterNames + [Self.manifestName, Self.manifestDigestName])
    }

    /// The manifest's digest in the form that `sha256sum` writes.
    static func seal(of manifest: [UInt8]) -> [UInt8] {
        Array("\(SHA256.hex(of: manifest))  \(Self.manifestName)\n".utf8)
    }

    static func json(_ manifest: ModelManifest) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(manifest)) + [UInt8(ascii: "\n")]
    }
}
