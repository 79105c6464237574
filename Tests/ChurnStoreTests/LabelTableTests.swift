import ChurnCore
import Testing

@testable import ChurnStore

@Suite(.enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct LabelTableTests {
    @Test("customers get their labels from a table, in the order of ids, and those without one are counted")
    func reads() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            _ = try await store.importCustomers(["c", "a", "b", "d"].map { Samples.customer($0) })
            try await database.run("CREATE TABLE \"left\" (\"who is\" text, gone boolean)")
            try await database.run(
                "INSERT INTO \"left\" VALUES ('c', true), ('a', false), ('a', false), ('d', null), ('x', true), (null, true)"
            )
            let table = try LabelTable(table: "left", id: "who is", label: "gone")
            let labels = try await store.labels(in: table).sorted { $0.id < $1.id }
            #expect(labels.map(\.id) == ["a", "a", "c", "d", "x"])
            #expect(labels.map(\.text) == ["false", "false", "true", nil, "true"])
            let found = try await store.labelledCustomers(["a": false, "c": true, "x": true])
            #expect(found.customers.map(\.customer.id) == ["a", "c"])
            #expect(found.customers.map(\.hasChurned) == [false, true])
            #expect(found.customers.allSatisfy { $0.customer.features.count == Domain.telco.schema.count })
            #expect(found.unlabelled == 2)
            await store.close()
        }
    }

    @Test("a table that is not there is an error, and a name cannot smuggle SQL in")
    func missing() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            for name in ["nothing", "users\"; DROP TABLE users; --", "public.nothing"] {
                let table = try LabelTable(table: name, id: "customerid", label: "churn")
                await #expect(throws: ChurnError.self) { try await store.labels(in: table) }
            }
            #expect(try await database.number("SELECT count(*) AS n FROM users") == 0)
            #expect(throws: ChurnError.self) { try LabelTable(table: "", id: "a", label: "b") }
            await store.close()
        }
    }
}
