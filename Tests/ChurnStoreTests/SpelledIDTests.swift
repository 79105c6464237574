import ChurnCore
import ChurnInsight
import ChurnTesting
import Testing

@testable import ChurnStore

/// Ids that another program wrote past the store.
@Suite("Customers whose ids differ only in their spelling", .enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct SpelledIDTests {
    private static let normal = "\u{E9}"
    private static let other = "e\u{301}"
    private static let tenure = Domain.telco.tenureFeature ?? 0

    /// Both customers, with 1 and 2 months of tenure.
    private static func with(_ body: (TestDatabase, PostgresStore) async throws -> Void) async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            var customer = Samples.customer(self.normal)
            customer.features[self.tenure] = .number(1)
            _ = try await store.importCustomers([customer])
            try await database.run("INSERT INTO users (customerid, tenure) VALUES (U&'e\\0301', 2)")
            try await body(database, store)
            await store.close()
        }
    }

    private static func tenures(_ states: [CustomerState?]) -> [FeatureValue?] {
        states.map { $0?.features[self.tenure] }
    }

    @Test("have each their own state, asked one by one and together")
    func states() async throws {
        try await Self.with { _, store in
            for ids in [[Self.normal, Self.other], [Self.other, Self.normal], [Self.other], [Self.normal]] {
                let states = try await store.states(inOrderOf: ids)
                #expect(Self.tenures(states) == ids.map { .number($0.utf8.count == 2 ? 1 : 2) })
            }
            let together = try await store.states(for: [Self.other, Self.normal])
            #expect(together.values.map { Array($0.id.utf8) } == [Array(Self.normal.utf8)])
        }
    }

    @Test("stand side by side in the watchlist, and only the one in normal form is scored")
    func scores() async throws {
        try await Self.with { database, store in
            let rescorer = CustomerRescorer(
                directory: store, store: store,
                models: ModelLineup(champion: LoadedModel(predictor: DigestPredictor(domain: .telco))), domain: .telco)
            _ = try await rescorer.run(at: Samples.time)
            let feed = CustomerProjectionFeed(store: store, health: HealthBoard(), logger: TestDatabase.logger)
            try await feed.reload()
            let page = try await feed.watchlist(WatchlistQuery())
            #expect(page.total == 2)
            #expect(page.customers.map { Array($0.id.utf8) } == [Array(Self.normal.utf8), Array(Self.other.utf8)])
            #expect(Self.tenures(page.customers) == [.number(1), .number(2)])
            #expect(page.customers.map { $0.latest == nil } == [false, true])
        }
    }

    @Test("are trained on with each its own label and features")
    func labels() async throws {
        try await Self.with { database, store in
            try await database.run(
                "CREATE TABLE gone (id text, hasleft text); INSERT INTO gone SELECT customerid, "
                    + "CASE tenure WHEN 1 THEN 'Yes' ELSE 'No' END FROM users")
            let labels = try await store.labels(in: LabelTable(table: "gone", id: "id", label: "hasleft"))
            let churned = labels.map { (CustomerKey($0.id), $0.text == "Yes") }
            let found = try await store.labelledCustomers(Dictionary(uniqueKeysWithValues: churned)).customers
            #expect(found.map(\.hasChurned) == [false, true], "in the order of their bytes")
            #expect(Self.tenures(found.map(\.customer)) == [.number(2), .number(1)])
        }
    }
}
