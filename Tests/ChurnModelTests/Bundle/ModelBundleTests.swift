import ChurnCore
import Foundation
import Testing

@testable import ChurnModel

@Suite("Model bundle")
struct ModelBundleTests {
    private func refusal(
        _ domain: Domain = .telco, limits: BundleLimits = BundleLimits(), after damage: (DamagedBundle) throws -> Void
    ) async throws -> ChurnError? {
        let bundle = try await Fixture.bundle()
        return try await Fixture.withFolder { folder in
            let damaged = try DamagedBundle(bundle, in: folder)
            try damage(damaged)
            return damaged.refusal(domain, limits: limits)
        }
    }

    @Test("a bundle that was written loads, says the same and scores the same")
    func roundTrip() async throws {
        let bundle = try await Fixture.bundle()
        let rows = try Fixture.customers(300, seed: 5).map(\.customer.features)
        try await Fixture.withFolder { folder in
            try bundle.write(to: folder.path)
            let loaded = try ModelBundle.load(at: folder.path, for: .telco)
            #expect(loaded.manifest == bundle.manifest)
            #expect(try loaded.scorer.scores(of: rows[...]) == bundle.scorer.scores(of: rows[...]))
        }
    }

    @Test("a bundle takes the place of another, but not of a folder that holds something else")
    func replacement() async throws {
        let bundle = try await Fixture.bundle()
        try await Fixture.withFolder { folder in
            try bundle.write(to: folder.path)
            try bundle.write(to: folder.path)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 10)
            try Data("x".utf8).write(to: folder.appending(path: "diary.txt"))
            #expect(throws: ChurnError.self) { try bundle.write(to: folder.path) }
            #expect(FileManager.default.fileExists(atPath: folder.appending(path: "diary.txt").path))
        }
    }

    @Test("a file with one flipped bit is refused", arguments: ["booster.ubj", "manifest.json", "manifest.sha256"])
    func flippedBit(_ name: String) async throws {
        for place in 0..<12 {
            let error = try await self.refusal { bundle in
                var bytes = try bundle.bytes(name)
                bytes[bytes.count * place / 12] ^= 1 << UInt8(place % 8)
                try bundle.write(bytes, as: name)
            }
            #expect(error?.code == .modelRefused)
            #expect(error?.disposition == .fatal)
        }
    }

    @Test("a truncated file is refused", arguments: ["booster.ubj", "manifest.json", "manifest.sha256"])
    func truncated(_ name: String) async throws {
        for share in [0.0, 0.3, 0.5, 0.9] {
            let error = try await self.refusal { bundle in
                let bytes = try bundle.bytes(name)
                try bundle.write(Array(bytes[..<Int(Double(bytes.count) * share)]), as: name)
            }
            #expect(error?.code == .modelRefused)
        }
    }

    @Test(
        "a bundle without one of its files is refused", arguments: ["booster.ubj", "manifest.json", "manifest.sha256"])
    func absent(_ name: String) async throws {
        let error = try await self.refusal { bundle in
            try FileManager.default.removeItem(at: bundle.folder.appending(path: name))
        }
        #expect(error?.advice.hasPrefix("\(name) is not in") == true)
    }

    @Test("a model of another schema is refused, and the first other feature named")
    func otherSchema() async throws {
        var domain = Domain.telco
        var features = domain.schema.features
        let contract = try #require(domain.schema.index(of: "Contract"))
        features[contract].categories.append("Three year")
        domain.schema = FeatureSchema(features: features)
        let error = try await self.refusal(domain) { _ in }
        #expect(error?.code == .modelRefused)
        #expect(error?.advice.contains("'Contract'") == true)
    }

    @Test("files larger than the limits are refused")
    func limits() async throws {
        let small = BundleLimits(maximumBoosterBytes: 1_000)
        #expect(try await self.refusal(limits: small) { _ in }?.advice.contains("larger than 1000 bytes") == true)
        let smaller = BundleLimits(maximumManifestBytes: 1_000)
        #expect(try await self.refusal(limits: smaller) { _ in }?.advice.contains("manifest.json is larger") == true)
    }

    @Test("a booster name that leads out of the folder is refused")
    func pathTraversal() async throws {
        let error = try await self.refusal { try $0.edit { $0.booster.name = "../booster.ubj" } }
        #expect(error?.advice.contains("names no booster file") == true)
    }

    @Test("a manifest of a later form is refused with what to do")
    func laterForm() async throws {
        let error = try await self.refusal { try $0.edit { $0.format = 3 } }
        #expect(error?.advice.contains("train again, or use the program that wrote it") == true)
    }

    @Test(
        "a manifest that was altered and sealed again is refused",
        arguments: ["encoder", "columns", "version", "golden score", "no golden rows", "golden width", "categories"])
    func alteredManifest(_ part: String) async throws {
        let error = try await self.refusal { bundle in
            try bundle.edit { manifest in
                switch part {
                case "encoder": manifest.encoder.features[0].categories.reverse()
                case "columns": manifest.columns.swapAt(0, 1)
                case "version": manifest.version = "telco-000000000000"
                case "golden score": manifest.golden[7].score += 1e-4
                case "no golden rows": manifest.golden = []
                case "golden width": manifest.golden[3].features.removeLast()
                default:
                    manifest.encoder.features[0].categories.append("Other")
                    manifest.encoderDigest = manifest.encoder.digest
                    manifest.columns = manifest.encoder.columns
                }
            }
        }
        #expect(error?.code == .modelRefused)
        #expect(error?.advice.isEmpty == false)
    }

    @Test("golden rows hold missing values and unknown categories")
    func goldenRows() async throws {
        let golden = try await Fixture.bundle().manifest.golden
        #expect(golden.count == GoldenRow.count)
        #expect(golden[0].features.allSatisfy { $0 == .missing })
        #expect(golden[1].features.contains(.text("an unknown category")))
        #expect(Set(golden.map(\.score)).count > 30)
    }

    @Test("a manifest with a key twice is refused, though its digest is right")
    func repeatedKey() async throws {
        let error = try await self.refusal { bundle in
            let json =
                Array("{\"format\": 1,".utf8) + (try bundle.bytes("manifest.json")).drop { $0 != 0x7B }.dropFirst()
            try bundle.write(json, as: "manifest.json")
            try bundle.write(ModelBundle.seal(of: json), as: "manifest.sha256")
        }
        #expect(error?.code == .modelRefused)
        #expect(error?.advice.contains("the key format twice") == true)
    }
}
