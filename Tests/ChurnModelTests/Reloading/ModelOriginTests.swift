import ChurnCore
import ChurnInsight
import ChurnMemory
import Foundation
import Logging
import Testing

@testable import ChurnModel

@Suite("Where models come from", .timeLimit(.minutes(5))) struct ModelOriginTests {
    private static let other = Task {
        var options = Fixture.options
        options.seed = 77
        return try await Fixture.trained(options)
    }

    private static func reloader(_ origin: any ModelOrigin, _ slot: ModelSlot, _ health: HealthBoard) -> ModelReloader {
        ModelReloader(
            origin: origin, slot: slot, health: health,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    @Test("a link that is turned to another folder changes the model")
    func link() async throws {
        let (first, second) = (try await Fixture.bundle(), try await Self.other.value)
        try await Fixture.withFolder { folder in
            try first.write(to: folder.appending(path: "one").path)
            try second.write(to: folder.appending(path: "two").path)
            let link = folder.appending(path: "current")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: folder.appending(path: "one"))
            let slot = ModelSlot()
            let reloader = Self.reloader(BundleFolder(path: link.path, domain: .telco), slot, HealthBoard())
            try await reloader.start()
            #expect(slot.lineup?.champion.identity.version == first.manifest.version)
            #expect(slot.lineup?.champion.distribution == first.distribution)
            #expect(await reloader.look() == .unchanged)
            try FileManager.default.removeItem(at: link)
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: folder.appending(path: "two"))
            #expect(await reloader.look() == .swapped)
            #expect(slot.lineup?.champion.identity.version == second.manifest.version)
        }
    }

    @Test("a damaged bundle in the folder is refused, and taken once it is fixed")
    func fixed() async throws {
        let (first, second) = (try await Fixture.bundle(), try await Self.other.value)
        try await Fixture.withFolder { folder in
            try first.write(to: folder.path)
            let (slot, health) = (ModelSlot(), HealthBoard())
            let reloader = Self.reloader(BundleFolder(path: folder.path, domain: .telco), slot, health)
            try await reloader.start()
            try second.write(to: folder.path)
            let booster = folder.appending(path: second.manifest.booster.name)
            let whole = try Data(contentsOf: booster)
            try whole.prefix(whole.count / 2).write(to: booster)
            #expect(await reloader.look() == .refused)
            #expect(slot.lineup?.champion.identity.version == first.manifest.version)
            #expect(health.isReady)
            #expect(await reloader.look() == .unchanged)
            try whole.write(to: booster)
            #expect(await reloader.look() == .swapped)
            #expect(slot.lineup?.champion.identity.version == second.manifest.version)
        }
    }

    @Test("a folder that is gone leaves the model serving")
    func gone() async throws {
        let bundle = try await Fixture.bundle()
        try await Fixture.withFolder { folder in
            try bundle.write(to: folder.path)
            let slot = ModelSlot()
            let reloader = Self.reloader(BundleFolder(path: folder.path, domain: .telco), slot, HealthBoard())
            try await reloader.start()
            try FileManager.default.removeItem(at: folder)
            #expect(await reloader.look() == .refused)
            #expect(slot.lineup != nil)
        }
    }

    private static func files(_ bundle: ModelBundle) async throws -> [BundleFile] {
        try await Fixture.withFolder { folder in
            try bundle.write(to: folder.path)
            return try BundleFiles.read(at: folder.path)
        }
    }

    private static func register(_ bundle: ModelBundle, in registry: InMemoryModelRegistry) async throws {
        let files = try await Self.files(bundle)
        let model = RegisteredModel(
            XGBoostPredictor(bundle: bundle), files: files, source: "/models/x", at: Timestamp(microseconds: 0),
            by: "test")
        _ = try await registry.register(model, files: files)
    }

    @Test("a registry's champion and challenger are followed from promotion to rollback")
    func registry() async throws {
        let (first, second) = (try await Fixture.bundle(), try await Self.other.value)
        let registry = InMemoryModelRegistry()
        for bundle in [first, second] { try await Self.register(bundle, in: registry) }
        let (slot, health) = (ModelSlot(), HealthBoard())
        let reloader = Self.reloader(RegistryModels(registry: registry, domain: .telco), slot, health)
        try await reloader.start()
        #expect(slot.lineup == nil)
        #expect(!health.isReady)
        func change(_ change: ModelRoleChange) async throws {
            _ = try await registry.change(change, in: "telco", by: "test", at: Timestamp(microseconds: 1))
            #expect(await reloader.look() == .swapped)
        }
        try await change(.promote(first.manifest.version))
        #expect(slot.lineup?.champion.identity.version == first.manifest.version)
        try await change(.challenge(second.manifest.version, canary: CanaryShare(0.2)))
        #expect(slot.lineup?.challenger?.identity.version == second.manifest.version)
        #expect(slot.lineup?.canary == CanaryShare(0.2))
        try await change(.promote(second.manifest.version))
        #expect(slot.lineup?.champion.identity.version == second.manifest.version)
        #expect(slot.lineup?.challenger == nil)
        try await change(.rollback)
        #expect(slot.lineup?.champion.identity.version == first.manifest.version)
        let rows = try Fixture.customers(50).map(\.customer.features)
        let served = try await slot.lineup?.champion.predictor.predict(rows)
        #expect(served == (try await XGBoostPredictor(bundle: first).predict(rows)))
    }

    @Test("files in a registry that are not those that were registered are refused")
    func tampered() async throws {
        let bundle = try await Fixture.bundle()
        var files = try await Self.files(bundle)
        let model = RegisteredModel(
            XGBoostPredictor(bundle: bundle), files: files, source: "", at: Timestamp(microseconds: 0), by: "test")
        let booster = try #require(files.firstIndex { $0.name == bundle.manifest.booster.name })
        files[booster].bytes[100] ^= 1
        let registry = InMemoryModelRegistry()
        _ = try await registry.register(model, files: files)
        _ = try await registry.change(.promote(model.version), in: "telco", by: "test", at: Timestamp(microseconds: 1))
        let origin = RegistryModels(registry: registry, domain: .telco)
        let wanted = try #require(try await origin.wanted())
        let error = await #expect(throws: ChurnError.self) { try await origin.load(wanted.champion) }
        #expect(error?.code == .modelRefused)
    }

    @Test("names that lead out of a folder are refused", arguments: ["../x", "a/b", ".hidden", "", "ä"])
    func names(_ name: String) async throws {
        let error = await #expect(throws: ChurnError.self) {
            try await BundleFiles.load([BundleFile(name: name, bytes: [])], for: .telco)
        }
        #expect(error?.code == .modelRefused)
    }

    @Test("a folder without a manifest is no bundle, and is named", arguments: [true, false])
    func noBundle(_ exists: Bool) async throws {
        try await Fixture.withFolder { folder in
            let path = exists ? folder.path : folder.appending(path: "nowhere").path
            let error = #expect(throws: ChurnError.self) { try BundleFiles.read(at: path) }
            #expect(error?.code == .modelRefused)
            #expect(error?.advice.contains(path) == true && error?.advice.contains("registry") == false)
        }
    }
}
