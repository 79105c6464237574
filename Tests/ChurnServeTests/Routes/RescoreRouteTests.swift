import ChurnCore
import ChurnInsight
import ChurnMemory
import ChurnTesting
import Testing

@testable import ChurnServe

@Suite(.timeLimit(.minutes(2))) struct RescoreRouteTests {
    @Test("a run is asked for by the model that serves, once, and its progress is shown")
    func asked() async throws {
        let store = InMemoryStore(domain: .telco)
        let slot = ModelSlot(ModelLineup(champion: LoadedModel(predictor: ConstantPredictor("v1", 0.5))))
        try await TestQueries().serve(models: slot, rescores: store) { server in
            #expect(try await server.request("/api/models/rescore").json?["run"] == .null)
            let first = try await server.post("/api/models/rescore", "{}")
            #expect(first.status == 200)
            #expect(first.json?["run"]?["model_version"] == .text("v1"))
            let again = try await server.post("/api/models/rescore", "{}")
            #expect(again.json?["run"]?["run_id"] == .number(1))
            var run = try #require(try await store.newestRescore())
            run.done = 12
            _ = try await store.recordRescore(run, at: run.requested, lease: .zero)
            let shown = try await server.request("/api/models/rescore").json?["run"]
            #expect(shown?["done"] == .number(12))
            #expect(shown?["ended_at"] == .null)
            #expect(try await store.auditEntries(before: nil, limit: 10).map(\.entry.action) == ["rescore.requested"])
        }
    }

    @Test("a server without a model, or that keeps no runs, refuses")
    func none() async throws {
        try await TestQueries().serve { server in
            let status = try await server.post("/api/models/rescore", "{}").status
            #expect(status == 503)
            let shown = try await server.request("/api/models/rescore")
            #expect(shown.status == 200 && shown.json?["run"] == .null)
        }
    }
}
