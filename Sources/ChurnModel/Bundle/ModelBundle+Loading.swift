public import ChurnCore
import Crypto
import Foundation

/// The limits on the sizes of a bundle's files.
public struct BundleLimits: Hashable, Sendable {
    /// The largest booster.
    public var maximumBoosterBytes: Int
    /// The largest manifest.
    public var maximumManifestBytes: Int
    /// The largest file of the report.
    public var maximumReportBytes: Int

    /// Creates limits; by default 256 MiB, 8 MiB and 2 MiB.
    public init(
        maximumBoosterBytes: Int = 256 << 20, maximumManifestBytes: Int = 8 << 20, maximumReportBytes: Int = 2 << 20
    ) {
        self.maximumBoosterBytes = maximumBoosterBytes
        self.maximumManifestBytes = maximumManifestBytes
        self.maximumReportBytes = maximumReportBytes
    }
}

extension ModelBundle {
    /// Loads a bundle and checks everything before it may serve: sizes, digests, the domain's schema, the booster's
    /// kind and width, that the calibration rises, and that the golden rows get their scores.
    ///
    /// Blocks the calling thread.
    ///
    /// - Throws: ``/ChurnCore/ChurnError/Code/modelRefused``, with what is wrong and what to do.
    public static func load(
        at path: String, for domain: Domain, limits: BundleLimits = BundleLimits()
    ) throws -> ModelBundle {
        let folder = URL(fileURLWithPath: path)
        let manifest = try Self.manifest(in: folder, limits)
        let encoder = try Self.checkedEncoder(manifest, domain)
        guard Self.boosterNames.contains(manifest.booster.name) else {
            throw Self.refusal("the manifest names no booster file; the bundle must hold booster.ubj or booster.json")
        }
        let bytes = try Self.read(
            manifest.booster.name, in: folder, atMost: limits.maximumBoosterBytes,
            digest: manifest.booster.sha256)
        guard
            manifest.version
                == Self.version(
                    domain: manifest.domain, encoder: manifest.encoder, boosterDigest: manifest.booster.sha256,
                    calibration: manifest.calibration)
        else { throw Self.refusal("the manifest's version is not that of its booster, encoder and calibration") }
        if let fault = manifest.calibration?.fault { throw Self.refusal(fault) }
        let scorer = ModelScorer(
            encoder: encoder, booster: try Self.booster(bytes, manifest), calibration: manifest.calibration)
        try Self.checkGoldenRows(manifest.golden, scorer)
        return ModelBundle(
            manifest: manifest, boosterBytes: bytes, scorer: scorer,
            reportFiles: try Self.reportFiles(manifest, folder, limits),
            distribution: try Self.distribution(manifest, folder, limits, domain))
    }

    private static func distribution(
        _ manifest: ModelManifest, _ folder: URL, _ limits: BundleLimits, _ domain: Domain
    ) throws -> TrainingDistribution? {
        guard let file = manifest.distribution else { return nil }
        guard file.name == TrainingDistribution.fileName else {
            throw Self.refusal("the manifest names another file than \(TrainingDistribution.fileName)")
        }
        let bytes = try Self.read(
            file.name, in: folder, atMost: limits.maximumManifestBytes, digest: file.sha256)
        guard RepeatedJSONKey.first(in: bytes) == nil,
            let distribution = try? JSONDecoder().decode(TrainingDistribution.self, from: Data(bytes)),
            distribution.fits(domain.schema)
        else { throw Self.refusal("\(file.name) is not that of this domain's features; train again") }
        return distribution
    }

    /// The report's files that are there; nothing is scored by them, so one that is missing does no harm.
    private static func reportFiles(
        _ manifest: ModelManifest, _ folder: URL, _ limits: BundleLimits
    ) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for file in manifest.report ?? [] {
            guard Self.reportNames.contains(file.name) else {
                throw Self.refusal("the manifest names a report file that no bundle has; copy the bundle again")
            }
            guard FileManager.default.fileExists(atPath: folder.appending(path: file.name).path) else { continue }
            files[file.name] = try Self.read(
                file.name, in: folder, atMost: limits.maximumReportBytes, digest: file.sha256)
        }
        return files
    }

    private static func manifest(in folder: URL, _ limits: BundleLimits) throws -> ModelManifest {
        let seal = try Self.read(Self.manifestDigestName, in: folder, atMost: 1_024)
        let bytes = try Self.read(Self.manifestName, in: folder, atMost: limits.maximumManifestBytes)
        guard seal == Self.seal(of: bytes) else {
            throw Self.refusal(
                "\(Self.manifestName) and \(Self.manifestDigestName) do not belong together; copy the bundle again")
        }
        if let key = RepeatedJSONKey.first(in: bytes) {
            throw Self.refusal("\(Self.manifestName) has the key \(key) twice in one object; copy the bundle again")
        }
        let manifest: ModelManifest
        do {
            manifest = try JSONDecoder().decode(ModelManifest.self, from: Data(bytes))
        } catch {
            throw Self.refusal("\(Self.manifestName) is not a manifest that this version reads", error)
        }
        guard ModelManifest.readableFormats.contains(manifest.format) else {
            throw Self.refusal(
                "the bundle has form \(manifest.format); this version reads forms up to"
                    + " \(ModelManifest.currentFormat): train again, or use the program that wrote it")
        }
        return manifest
    }

    private static func checkedEncoder(_ manifest: ModelManifest, _ domain: Domain) throws -> FeatureEncoder {
        let expected = EncoderSpec.digest(of: domain.schema)
        guard manifest.schemaDigest == expected else {
            let feature = manifest.encoder.firstDifference(from: domain.schema)
            let hint = feature.map { " (the first is '\($0)')" } ?? ""
            throw Self.refusal(
                "the model was trained for other features\(hint) than those of the domain \(domain.name);"
                    + " train again with this domain, or load the domain file that it was trained with")
        }
        guard manifest.encoder.firstDifference(from: domain.schema) == nil,
            manifest.encoder.digest == manifest.encoderDigest, manifest.encoder.columns == manifest.columns
        else { throw Self.refusal("the encoder's description was altered; train again or copy the bundle again") }
        return try FeatureEncoder(spec: manifest.encoder)
    }

    private static func booster(_ bytes: [UInt8], _ manifest: ModelManifest) throws -> Booster {
        var readable = bytes
        if manifest.booster.name.hasSuffix(".json") {
            readable = try BaseScore.repaired(json: bytes)
            try BoosterStructure(json: readable).check(columns: manifest.columns.count)
        } else {
            try BaseScore.check(ubj: bytes)
            try BoosterStructure(ubj: bytes).check(columns: manifest.columns.count)
        }
        let booster = try XGBoostLibrary.run(
            .modelRefused, .fatal, during: "load a model",
            advice: "libxgboost \(XGBoostLibrary.version) cannot read the booster; train again or copy it again"
        ) { try Booster(bytes: readable) }
        guard booster.columns == manifest.columns.count else {
            throw Self.refusal("libxgboost reads another number of columns from the booster than the encoder has")
        }
        return booster
    }

    private static func checkGoldenRows(_ golden: [GoldenRow], _ scorer: ModelScorer) throws {
        guard !golden.isEmpty else { throw Self.refusal("the bundle has no golden rows; train again") }
        let scores: [Float]
        do {
            scores = try scorer.boosterScores(of: golden.map(\.features)[...])
        } catch {
            throw Self.refusal("the golden rows cannot be scored", error)
        }
        // A NaN in the manifest fails the comparison too.
        guard zip(golden, scores).allSatisfy({ abs($0.score - $1) <= GoldenRow.tolerance }) else {
            throw Self.refusal(
                "the golden rows get other scores than the model gave when it was made; libxgboost"
                    + " \(XGBoostLibrary.version) reads this booster otherwise than the library that wrote it")
        }
        // From the scores in the manifest: a steep calibration would make more of what another processor rounds.
        let calibrated = scorer.calibrated(golden.map(\.score))
        guard
            scorer.calibration == nil
                || zip(golden, calibrated).allSatisfy({ row, probability in
                    row.calibrated.map { abs($0 - probability) <= GoldenRow.tolerance } ?? false
                })
        else { throw Self.refusal("the golden rows get other probabilities from the calibration; train again") }
    }

    private static func read(
        _ name: String, in folder: URL, atMost maximum: Int, digest: String? = nil
    ) throws -> [UInt8] {
        let file = folder.appending(path: name).resolvingSymlinksInPath()
        let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
        guard attributes?[.type] as? FileAttributeType == .typeRegular,
            let handle = try? FileHandle(forReadingFrom: file)
        else { throw Self.refusal("\(name) is not in \(folder.path), or cannot be read; is it a model bundle?") }
        let data: Data
        do {
            data = try handle.read(upToCount: maximum + 1) ?? Data()
        } catch {
            throw Self.refusal("\(name) cannot be read", error)
        }
        guard data.count <= maximum else { throw Self.refusal("\(name) is larger than \(maximum) bytes") }
        let bytes = [UInt8](data)
        if let digest, SHA256.hex(of: bytes) != digest {
            throw Self.refusal("\(name) is not the file that was written (its SHA-256 differs); copy the bundle again")
        }
        return bytes
    }

    private static func refusal(_ what: String, _ underlying: (any Error)? = nil) -> ChurnError {
        ChurnError.outOfDescriptors(during: "load a model", underlying: underlying)
            ?? ChurnError(.modelRefused, .fatal, during: "load a model", advice: what, underlying: underlying)
    }
}
