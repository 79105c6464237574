public import ChurnCore
import Crypto
import Foundation

/// A trained model with all that is needed to use it and to trust it.
///
/// On disk a folder: the booster (`booster.ubj` or `booster.json`), `manifest.json` (``ModelManifest``),
/// `manifest.sha256`, which `sha256sum -c` reads, the training report with its pictures, and
/// `distribution.json` (``/ChurnCore/TrainingDistribution``).
public struct ModelBundle: Sendable {
    static let manifestName = "manifest.json"
    static let manifestDigestName = "manifest.sha256"
    static let boosterNames = BoosterFormat.allCases.map { "booster.\($0.rawValue)" }
    static let reportNames = [
        "report.md", "report.json", "roc.svg", "precision-recall.svg", "calibration.svg", "lift.svg",
    ]

    /// The bundle's manifest of its model.
    public let manifest: ModelManifest
    /// The booster's bytes as they are in the file.
    let boosterBytes: [UInt8]
    let scorer: ModelScorer
    /// The report's files by name; empty where the bundle has none.
    public let reportFiles: [String: [UInt8]]
    /// The distribution of the customers that the model learned from; nil where the bundle has none.
    public let distribution: TrainingDistribution?

    init(
        manifest: ModelManifest, boosterBytes: [UInt8], scorer: ModelScorer, reportFiles: [String: [UInt8]] = [:],
        distribution: TrainingDistribution? = nil
    ) {
        self.manifest = manifest
        self.boosterBytes = boosterBytes
        self.scorer = scorer
        self.reportFiles = reportFiles
        self.distribution = distribution
    }

    /// The model's version: what decides a score decides it, so two models never share one.
    static func version(
        domain: String, encoder: EncoderSpec, boosterDigest: String, calibration: ProbabilityCalibration? = nil
    ) -> String {
        let digests = [encoder.digest, boosterDigest] + (calibration.map { [$0.sha256] } ?? [])
        return "\(domain)-\(SHA256.hex(of: digests).prefix(12))"
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
            for (name, bytes) in self.reportFiles { try Data(bytes).write(to: draft.appending(path: name)) }
            if let distribution, let file = self.manifest.distribution {
                try Data(try distribution.json()).write(to: draft.appending(path: file.name))
            }
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
        return Set(names).isSubset(
            of: Self.boosterNames + Self.reportNames
                + [Self.manifestName, Self.manifestDigestName, TrainingDistribution.fileName])
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
