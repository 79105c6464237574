public import ChurnCore
public import ChurnInsight
import Crypto
import Foundation

/// A bundle's files, on their way into a registry and out of it.
public enum BundleFiles {
    private static let maximumFiles = 64

    /// The files of a bundle's folder.
    ///
    /// Check the bundle first: this only reads.
    public static func read(at path: String, limits: BundleLimits = BundleLimits()) throws -> [BundleFile] {
        let folder = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
        guard names.contains(ModelBundle.manifestName) else {
            throw Self.refusal(
                "\(path) is no folder with a \(ModelBundle.manifestName); name the one that training wrote")
        }
        guard names.count <= Self.maximumFiles, names.allSatisfy(Self.isPlain) else {
            throw Self.refusal("\(path) holds what no bundle holds; register the folder that training wrote")
        }
        return try names.map { name in
            let file = folder.appending(path: name)
            let headers = try? FileManager.default.attributesOfItem(atPath: file.path)
            guard headers?[.type] as? FileAttributeType == .typeRegular,
                (headers?[.size] as? Int).map({ $0 <= limits.maximumBoosterBytes }) == true,
                let data = FileManager.default.contents(atPath: file.path)
            else { throw Self.refusal("\(name) in \(path) is no file, is too large or cannot be read") }
            return BundleFile(name: name, bytes: [UInt8](data))
        }
    }

    /// Loads a bundle from its files, with all checks that a folder gets.
    ///
    /// They are written to a folder of their own for that, which is removed again. Does not block the caller's thread.
    public static func load(
        _ files: [BundleFile], for domain: Domain, limits: BundleLimits = BundleLimits()
    ) async throws -> XGBoostPredictor {
        guard !files.isEmpty, files.allSatisfy({ Self.isPlain($0.name) }) else {
            throw Self.refusal("the registry holds no files of this model; register it again")
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "churn-bundle-\(UUID().uuidString)")
        let thread = ScoringThreads(count: 1, label: "churn.bundle")
        try await thread.run {
            do {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                for file in files { try Data(file.bytes).write(to: folder.appending(path: file.name)) }
            } catch {
                try? FileManager.default.removeItem(at: folder)
                throw ChurnError.outOfDescriptors(during: "load a model", underlying: error)
                    ?? ChurnError(
                        .invalidFile, .retry, during: "load a model",
                        advice: "the folder for temporary files cannot be written", underlying: error)
            }
        }
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await XGBoostPredictor.load(at: folder.path, for: domain, limits: limits)
    }

    /// The digest that names a bundle: that of its manifest.
    public static func digest(of files: [BundleFile]) -> String {
        files.first { $0.name == ModelBundle.manifestName }.map { SHA256.hex(of: $0.bytes) } ?? ""
    }

    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(".") && name.utf8.count <= 100
            && name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                    || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
            }
    }

    private static func refusal(_ advice: String) -> ChurnError {
        ChurnError(.modelRefused, .fatal, during: "load a model", advice: advice)
    }
}
