import ChurnMemory
import ChurnTesting
import Testing

@testable import ChurnCore
@testable import ChurnInsight

@Suite("Importance profile")
struct ImportanceProfileTests {
    @Test(
        "means over all customers and by segment are those of a plain count, whatever the page", arguments: [1, 7, 500])
    func means(_ pageSize: Int) async throws {
        let store = InMemoryStore(domain: .telco)
        let customers = try CustomerPopulation(domain: .telco, seed: 2).customers(100).map(\.customer)
        _ = try await store.importCustomers(customers)
        let model = LinearModel.seeded()
        let seen = Locked<[Int]>([])
        let time = Timestamp(microseconds: 5)
        let summary = try await ImportanceProfile(directory: store, states: store, domain: .telco, pageSize: pageSize)
            .run(model, at: time) { done in seen.withLock { $0.append(done) } }
        #expect(seen.withLock { $0.last } == 100)
        #expect(summary.model == model.model && summary.time == time)
        #expect(summary.groups.first?.segment == nil)
        let segments = Set(customers.compactMap { $0.features[Domain.telco.segmentFeature].segmentName })
        #expect(summary.groups.dropFirst().map(\.segment) == segments.sorted())
        for group in summary.groups {
            let own = customers.filter {
                group.segment == nil || $0.features[Domain.telco.segmentFeature].segmentName == group.segment
            }
            #expect(group.customers == own.count)
            let explanations = try await model.explain(own.map(\.features))
            for (feature, importance) in group.importances.enumerated() {
                let mean = explanations.reduce(0) { $0 + abs($1.contributions[feature]) } / Double(own.count)
                #expect(abs(importance - mean) < 1e-12)
            }
        }
        try await store.replaceImportances(summary)
        let top = try await store.featureImportances(limit: 10)
        #expect(top.count == 10 && top[0].importance == summary.groups[0].importances.max())
    }

    @Test("a model that cannot be explained is refused")
    func noExplainer() async throws {
        let store = InMemoryStore(domain: .telco)
        await #expect(throws: ChurnError.self) {
            try await ImportanceProfile(directory: store, states: store, domain: .telco)
                .run(DigestPredictor(domain: .telco), at: Timestamp(microseconds: 1))
        }
    }
}
