import ChurnCore
import Testing

@testable import ChurnStore

/// Changes of `users` by other programs, seen through the versions that the pipeline compares.
@Suite("Versions of customers", .enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct VersionTests {
    /// Writes customer `a`, runs `sql`, and writes what the store knew before: that must conflict.
    @Test(
        "a customer that another program touched never comes back to a version that was read before",
        arguments: [
            "UPDATE users SET tenure = 50",
            "SET session_replication_role = replica; UPDATE users SET tenure = 50; RESET session_replication_role",
            "DELETE FROM users; INSERT INTO users (customerid, tenure) VALUES ('a', 50)",
            "DELETE FROM users; INSERT INTO users (customerid, tenure) VALUES ('a', 49); UPDATE users SET tenure = 50",
            """
            SET session_replication_role = replica;
            DELETE FROM users; INSERT INTO users (customerid, tenure, churn_version) VALUES ('a', 50, 1);
            RESET session_replication_role
            """,
            "TRUNCATE users; INSERT INTO users (customerid, tenure, churn_version) VALUES ('a', 50, 1)",
            "UPDATE users SET customerid = 'b'; INSERT INTO users (customerid, tenure, churn_version) VALUES ('a', 50, 1)",
            "UPDATE users SET customerid = 'b'; UPDATE users SET customerid = 'a', tenure = 50, churn_version = 1",
            "UPDATE users SET churn_version = 0; UPDATE users SET tenure = 50",
        ])
    func neverRepeats(_ sql: String) async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            _ = try await store.importCustomers([Samples.customer("a")])
            let state = try #require(try await store.states(for: ["a"])["a"])
            let first = Samples.change(of: state, to: 1)
            #expect(try await store.write(ScoredBatch(ranges: [Samples.range(0, 1)], changes: [first])).isWritten)
            try await database.run(sql)
            let stale = Samples.change(of: first.state, to: 2)
            #expect(try await store.write(ScoredBatch(ranges: [Samples.range(1, 2)], changes: [stale])).isConflicted)
            var checked = stale
            (checked.state, checked.featuresChanged, checked.scoreChanged) = (first.state, false, false)
            let check = ScoredBatch(ranges: [Samples.range(1, 2)], changes: [checked])
            #expect(try await store.write(check).isConflicted)
            #expect(try await database.number("SELECT tenure::int AS n FROM users WHERE customerid = 'a'") == 50)
            await store.close()
        }
    }

    @Test(
        "a row that another program's trigger changes while it is written conflicts, and is stored as the trigger has it"
    )
    func changedInPassing() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            _ = try await store.importCustomers([Samples.customer("a")])
            let state = try #require(try await store.states(for: ["a"])["a"])
            try await database.run(
                """
                CREATE FUNCTION cap() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN new.tenure := least(new.tenure, 50); RETURN new; END $$;
                CREATE TRIGGER cap BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION cap()
                """)
            let tenure = Domain.telco.tenureFeature ?? 0
            @Sendable func batch(_ value: Double) -> ScoredBatch {
                var change = Samples.change(of: state, to: 1)
                change.state.features[tenure] = .number(value)
                return ScoredBatch(ranges: [Samples.range(0, 1)], changes: [change])
            }
            #expect(try await store.write(batch(40)).isConflicted, "the table is not as it was")
            #expect(try await store.write(batch(60)).isConflicted, "the row is not as it was sent")
            let outcome = try await store.write(ranges: [Samples.range(0, 1)], customers: ["a"], keys: []) { _ in
                batch(60)
            }
            #expect(outcome.isWritten)
            #expect(try await store.states(for: ["a"])["a"]?.features[tenure] == .number(50))
            await store.close()
        }
    }

    @Test("customers of a new database begin at version 0, in whatever way they come")
    func beginning() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            _ = try await store.importCustomers([Samples.customer("a")])
            try await database.run("INSERT INTO users (customerid) VALUES ('b')")
            #expect(try await store.states(for: ["a", "b"]).mapValues(\.version) == ["a": 0, "b": 0])
            await store.close()
        }
    }

    @Test("programs that delete customers in opposite orders do not wait for each other by the floor")
    func deleters() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            _ = try await store.importCustomers((0..<40).map { Samples.customer("c\($0)", $0) })
            try await database.run("UPDATE users SET churn_version = 10 + tenure::int")
            async let even: Void = database.run(
                (0..<20).map { "DELETE FROM users WHERE customerid = 'c\($0 * 2)';" }.joined())
            async let odd: Void = database.run(
                (0..<20).reversed().map { "DELETE FROM users WHERE customerid = 'c\($0 * 2 + 1)';" }.joined())
            _ = try await (even, odd)
            _ = try await store.importCustomers([Samples.customer("c39")])
            let again = try await store.states(for: ["c39"])["c39"]
            #expect(try #require(again).version > 49)
            await store.close()
        }
    }

    @Test("a database of before gets the triggers when it is migrated")
    func upgraded() async throws {
        try await TestDatabase.with { database in
            try await database.run(
                "DROP TRIGGER churn_end_version ON users; ALTER TABLE users ENABLE TRIGGER churn_raise_version")
            #expect(try await database.migrate() == ["users: trigger"])
            let always = try await database.number(
                "SELECT count(*) AS n FROM pg_trigger WHERE tgrelid = 'users'::regclass AND tgenabled = 'A'")
            #expect(always == 4)
        }
    }
}
