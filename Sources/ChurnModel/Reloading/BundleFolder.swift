public import ChurnCore
public import CoreMetrics
import Foundation

/// A folder, or a symbolic link to one, whose bundle serves: replace the folder or turn the link, and the model changes.
///
/// Bundles are distinguished by `manifest.sha256`, which ``ModelBundle/write(to:)`` puts in place together with all
/// else. A bundle that is copied file by file is refused while it is half there, and taken once it is whole.
public struct BundleFolder: ModelOrigin {
    private let path: String
    private let domain: Domain
    private let limits: BundleLimits
    private let metrics: (any MetricsFactory)?

    /// Creates an origin over a path.
    ///
    /// - `metrics`: where missing values and unknown categories are counted; nil for nowhere.
    public init(
        path: String, domain: Domain, limits: BundleLimits = BundleLimits(), metrics: (any MetricsFactory)? = nil
    ) {
        self.metrics = metrics
        self.path = path
        self.domain = domain
        self.limits = limits
    }

    /// The bundle that lies there now.
    public func wanted() async throws -> WantedModels? {
        WantedModels(
            champion: BundleReference(digest: try Self.digest(at: self.path), stamp: Self.stamp(at: self.path)))
    }

    /// Loads the bundle that lies there now; refused where it became another since it was named.
    public func load(_ bundle: BundleReference) async throws -> LoadedModel {
        let predictor = try await XGBoostPredictor.load(at: self.path, for: self.domain, limits: self.limits)
        guard try Self.digest(at: self.path) == bundle.digest else {
            throw ChurnError(
                .modelRefused, .retry, during: "load a model", advice: "the bundle changed while it was loaded")
        }
        return LoadedModel(predictor, metrics: self.metrics)
    }

    /// Names, sizes and times of the files, so that a bundle that was refused is tried again once it was fixed.
    private static func stamp(at path: String) -> String {
        let folder = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.sorted().map { name in
            let attributes = try? FileManager.default.attributesOfItem(atPath: folder.appending(path: name).path)
            let time = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
            return "\(name) \(attributes?[.size] as? Int ?? 0) \(time)"
        }.joined(separator: "\n")
    }

    /// The digest that a bundle's folder states.
    static func digest(at path: String) throws -> String {
        let file = URL(fileURLWithPath: path).appending(path: ModelBundle.manifestDigestName)
        guard let data = try? RegularFile.bytes(at: file.path, atMost: 1_024),
            let digest = String(decoding: data, as: UTF8.self).split(separator: " ").first, digest.utf8.count == 64
        else {
            throw ChurnError.outOfDescriptors(during: "load a model")
                ?? ChurnError(
                    .modelRefused, .fatal, during: "load a model",
                    advice:
                        "\(ModelBundle.manifestDigestName) is not in \(path), or cannot be read; is it a model bundle?")
        }
        return String(digest)
    }
}
