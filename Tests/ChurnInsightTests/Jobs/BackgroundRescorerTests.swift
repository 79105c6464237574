import ChurnMemory
import ChurnTesting
import Logging
import Testing

@testable import ChurnCore
@testable import ChurnInsight

@Suite("Scoring everyone in the background", .timeLimit(.minutes(2)))
struct BackgroundRescorerTests {
    private static let time = Timestamp(microseconds: 1_767_225_600_000_000)

    private struct Scene {
        let store = InMemoryStore(domain: .telco)
        let models = ModelSlot(Scene.lineup("new"))
        let clock = Locked(BackgroundRescorerTests.time)

        init(_ count: Int) async throws {
            let width = Domain.telco.schema.features.count
            _ = try await self.store.importCustomers(
                (0..<count).map {
                    CustomerState(id: "c\(1_000 + $0)", features: Array(repeating: .missing, count: width))
                })
        }

        static func lineup(_ version: String) -> ModelLineup {
            ModelLineup(champion: LoadedModel(predictor: ConstantPredictor(version, 0.75)))
        }

        var rescorer: BackgroundRescorer {
            BackgroundRescorer(
                store: self.store, models: self.models, domain: .telco, pageSize: 10,
                now: { [clock] in clock.withLock { $0 } },
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        }

        func scored() async throws -> Int {
            try await self.store.states(for: (0..<100).map { "c\(1_000 + $0)" }).values.count { $0.latest != nil }
        }
    }

    @Test("scores everyone once asked, and says so")
    func everyone() async throws {
        let scene = try await Scene(35)
        try await scene.rescorer.work()
        #expect(try await scene.scored() == 0)
        _ = try await scene.store.requestRescore(of: "new", by: "a", at: Self.time, audit: nil)
        try await scene.rescorer.work()
        #expect(try await scene.scored() == 35)
        let run = try #require(try await scene.store.newestRescore())
        #expect(run.done == 35 && run.ended != nil && run.reason == nil)
        let record = try await scene.store.customer(id: "c1007", recentEvents: 1)
        #expect(record?.scoredBy == "new")
    }

    @Test("goes on where a process that died stood")
    func goesOn() async throws {
        let scene = try await Scene(35)
        var run = try await scene.store.requestRescore(of: "new", by: "a", at: Self.time, audit: nil)
        (run.done, run.lastID) = (20, "c1019")
        _ = try await scene.store.recordRescore(run, at: Self.time, lease: .seconds(60))
        try await scene.rescorer.work()
        #expect(try await scene.scored() == 0)
        scene.clock.withLock { $0 = Self.time.advanced(by: .seconds(61)) }
        try await scene.rescorer.work()
        #expect(try await scene.scored() == 15)
        #expect(try await scene.store.newestRescore()?.done == 35)
    }

    @Test("waits for its model to serve, and ends with the reason where another one goes on serving")
    func otherModel() async throws {
        let scene = try await Scene(35)
        _ = try await scene.store.requestRescore(of: "next", by: "a", at: Self.time, audit: nil)
        try await scene.rescorer.work()
        #expect(try await scene.store.newestRescore()?.ended == nil)
        scene.clock.withLock { $0 = Self.time.advanced(by: .seconds(601)) }
        try await scene.rescorer.work()
        #expect(try await scene.scored() == 0)
        #expect(try await scene.store.newestRescore()?.reason == "another model serves")
    }
}
