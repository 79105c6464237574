import ChurnCore
import ChurnMemory
import Foundation

@testable import ChurnModel

/// A model of simulated customers, trained once for all tests.
enum Fixture {
    static let options = TrainingOptions(maximumRounds: 60, patience: 20, learningRate: 0.2)

    static func customers(_ count: Int, seed: UInt64 = 11) throws -> [LabelledCustomer] {
        try CustomerPopulation(domain: .telco, seed: seed).customers(count)
    }

    private static let training = Task { try await Self.trained() }

    static func bundle() async throws -> ModelBundle { try await Self.training.value }

    static func trained(_ options: TrainingOptions = Self.options) async throws -> ModelBundle {
        let data = try TrainingData(customers: Self.customers(1_500), domain: .telco)
        return try await ModelTrainer(options: options).train(data)
    }

    /// Runs `body` with the name of a folder that does not exist yet.
    static func withFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "churn-model-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder)
    }
}

/// A bundle on disk that a test damages.
struct DamagedBundle {
    let folder: URL

    init(_ bundle: ModelBundle, in folder: URL) throws {
        self.folder = folder
        try bundle.write(to: folder.path)
    }

    func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: self.folder.appending(path: name))) }

    func write(_ bytes: [UInt8], as name: String) throws {
        try Data(bytes).write(to: self.folder.appending(path: name))
    }

    /// Replaces the manifest and makes its digest right again.
    func edit(_ change: (inout ModelManifest) throws -> Void) throws {
        var manifest = try JSONDecoder().decode(
            ModelManifest.self, from: Data(try self.bytes(ModelBundle.manifestName)))
        try change(&manifest)
        let json = try ModelBundle.json(manifest)
        try self.write(json, as: ModelBundle.manifestName)
        try self.write(ModelBundle.seal(of: json), as: ModelBundle.manifestDigestName)
    }

    /// Replaces the booster and makes every digest right again, as another program's exporter would.
    func replaceBooster(_ booster: [UInt8], golden: [GoldenRow]? = nil) throws {
        try self.edit { manifest in
            manifest.booster.sha256 = SHA256Hex.of(booster)
            manifest.booster.bytes = booster.count
            manifest.version = ModelBundle.version(
                domain: manifest.domain, encoder: manifest.encoder, boosterDigest: manifest.booster.sha256,
                calibration: manifest.calibration)
            if let golden { manifest.golden = golden }
            try self.write(booster, as: manifest.booster.name)
        }
    }

    /// Loads the bundle; the error of a refusal.
    func refusal(_ domain: Domain = .telco, limits: BundleLimits = BundleLimits()) -> ChurnError? {
        do {
            _ = try ModelBundle.load(at: self.folder.path, for: domain, limits: limits)
            return nil
        } catch {
            return error as? ChurnError
        }
    }
}
