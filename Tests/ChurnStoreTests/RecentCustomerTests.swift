import ChurnCore
import ChurnMemory
import ChurnTesting
import Testing

@testable import ChurnStore

/// A pipeline remembers the customers that it wrote; other programs may change them meanwhile.
@Suite(
    "A customer that another program touches between two of its events",
    .enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct RecentCustomerTests {
    private static let tenure = Domain.telco.tenureFeature ?? 0

    /// Runs an event, `sql` once it is written, and another event; returns the customer and the dead letters.
    private static func run(_ sql: String) async throws -> (customer: CustomerState?, letters: [DeadLetter]) {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            var customer = Samples.customer("a")
            customer.features[Self.tenure] = .number(1)
            _ = try await store.importCustomers([customer])
            let log = InMemoryEventLog(name: Samples.name)
            let event = Array(#"{"event_type":"monthly_anniversary","user_id":"a"}"#.utf8)
            log.append(key: Array("a".utf8), value: event)
            let pipeline = Pipeline(
                source: InMemoryEventSource(log: log, decoder: EventDecoder(domain: .telco)), store: store,
                models: ModelSlot(DigestPredictor(domain: .telco)), broadcaster: InMemoryBroadcaster(handler: { _ in }),
                domain: .telco, environment: Pipeline.Environment(logger: TestDatabase.logger))
            async let done: Void = pipeline.run()
            while try await store.states(for: ["a"])["a"]?.latest == nil {
                try await Task.sleep(for: .milliseconds(2))
            }
            try await database.run(sql)
            log.append(key: Array("a".utf8), value: event)
            log.finish()
            try await done
            let found = (
                try await store.states(for: ["a"])["a"],
                try await store.deadLetters(after: 0, status: .open, limit: 10)
            )
            await store.close()
            return found
        }
    }

    @Test(
        "is scored as it is then",
        arguments: [
            "UPDATE users SET tenure = 50",
            "DELETE FROM users; INSERT INTO users (customerid, tenure) VALUES ('a', 50)",
            "ALTER TABLE users DISABLE TRIGGER ALL; UPDATE users SET tenure = 50; ALTER TABLE users ENABLE TRIGGER ALL",
            "ALTER TABLE users DISABLE TRIGGER churn_raise_version; UPDATE users SET tenure = 50",
            """
            ALTER TABLE users DISABLE TRIGGER ALL; DELETE FROM users;
            INSERT INTO users (customerid, tenure, churn_version) VALUES ('a', 50, 1);
            \(UsersTable.triggers.map { "ALTER TABLE users ENABLE ALWAYS TRIGGER \($0);" }.joined())
            """,
            """
            CREATE TABLE other (LIKE users INCLUDING ALL); INSERT INTO other SELECT * FROM users; UPDATE other SET tenure = 50;
            DROP TABLE users; ALTER TABLE other RENAME TO users
            """,
            "DROP TRIGGER churn_raise_version ON users; ALTER TABLE users ALTER tenure TYPE integer USING 50",
            "ALTER TABLE users ADD COLUMN note text; UPDATE users SET note = 'n', tenure = 50",
            """
            CREATE FUNCTION others() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.tenure := 50; RETURN new; END $$;
            ALTER TABLE users ADD COLUMN note text;
            CREATE TRIGGER others BEFORE UPDATE OF note ON users FOR EACH ROW EXECUTE FUNCTION others();
            UPDATE users SET note = 'n'
            """,
        ])
    func changed(_ sql: String) async throws {
        let (customer, letters) = try await Self.run(sql)
        #expect(customer?.features[Self.tenure] == .number(51))
        #expect(letters.isEmpty)
    }

    @Test("is unknown if it was removed")
    func removed() async throws {
        let (customer, letters) = try await Self.run("DELETE FROM users")
        #expect(customer == nil)
        #expect(letters.map(\.rejection.code) == [.unknownCustomer])
    }
}
