import ChurnMemory
import ChurnTesting
import Logging
import Testing

@testable import ChurnCore
@testable import ChurnInsight

@Suite(.timeLimit(.minutes(1))) struct ImportanceFollowerTests {
    private static func shown(_ store: InMemoryStore) async throws -> [String?] {
        try await store.featureImportances(limit: 1).map(\.modelVersion)
    }

    private static func eventually(_ isSo: () async throws -> Bool) async throws {
        while try await !isSo() { try await Task.sleep(for: .milliseconds(5)) }
    }

    @Test("after a promotion the new model is surveyed, and a rollback brings back what was known")
    func promotion() async throws {
        let store = InMemoryStore(domain: .telco)
        _ = try await store.importCustomers(
            try CustomerPopulation(domain: .telco, seed: 2).customers(50).map(\.customer))
        let (old, new) = (LinearModel.seeded(version: "old"), LinearModel.seeded(version: "new"))
        let models = ModelSlot(old)
        let follower = ImportanceFollower(
            store: store, models: models, domain: .telco, interval: .milliseconds(5),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let profile = ImportanceProfile(directory: store, states: store, domain: .telco)
        for model in [old, LinearModel.seeded(version: "tried")] {
            try await store.replaceImportances(try await profile.run(model, at: Timestamp(microseconds: 1)))
        }
        let running = Task { try await follower.run() }
        defer { running.cancel() }
        try await Self.eventually { try await Self.shown(store) == ["old"] }
        models.replace(with: ModelLineup(champion: LoadedModel(predictor: new)))
        try await Self.eventually { try await Self.shown(store) == ["new"] }
        models.replace(with: ModelLineup(champion: LoadedModel(predictor: old)))
        try await Self.eventually { try await Self.shown(store) == ["old"] }
    }
}
