import ChurnCore
import ChurnInsight
import ChurnMemory
import ChurnTesting
import Foundation
import Testing

@testable import ChurnStore

/// The scripts of Examples/PostgreSQL, with roles and a schema of the test's own.
@Suite("Roles of least privilege", .enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct RoleScriptTests {
    private static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Examples/PostgreSQL")

    private let suffix = UInt64.random(in: 1 << 32..<1 << 48)
    private var names: [String] { ["owner", "run", "serve"].map { "churn_\($0)_\(self.suffix)" } }

    private func run(_ script: String, on database: TestDatabase) async throws {
        var sql = try String(contentsOf: Self.scripts.appendingPathComponent("\(script).sql"), encoding: .utf8)
        for name in ["owner", "run", "serve"] {
            sql = sql.replacing("churn_\(name)", with: "churn_\(name)_\(self.suffix)")
        }
        let schema = database.configuration.schema
        sql = sql.replacing("SCHEMA public", with: "SCHEMA \(schema)")
        try await database.run(sql)
    }

    @Test("the scripts suffice to migrate, to score and to serve, and for no more")
    func scripts() async throws {
        try await TestDatabase.with(isMigrated: false) { database in
            try await database.run("CREATE SCHEMA \(database.configuration.schema)")
            try await self.run("owner", on: database)
            let migrator = try Migrator(
                database.configuration(of: self.names[0]), domain: database.domain, logger: TestDatabase.logger)
            #expect(try await !migrator.migrate().isEmpty)
            try await self.run("run", on: database)
            try await self.run("serve", on: database)
            try await self.score(in: database, as: self.names[1])
            try await self.serve(in: database, as: self.names[2])
            // Tables that come later need no more grants.
            let later = try PostgresPool(database.configuration(of: self.names[0]), logger: TestDatabase.logger)
            try await later.withConnection("add a table") { try $0.run("CREATE TABLE later (n int)") }
            await later.close()
            for (role, may) in zip(self.names[1...], ["INSERT", "SELECT"]) {
                let question = "SELECT has_table_privilege('\(role)', 'later', '\(may)')::int AS n"
                #expect(try await database.number(question) == 1)
            }
            await migrator.close()
            for role in self.names.reversed() { try await database.run("DROP OWNED BY \(role) CASCADE") }
            for role in self.names { try await database.run("DROP ROLE \(role)") }
        }
    }

    private func score(in database: TestDatabase, as role: String) async throws {
        let store = try PostgresStore(
            database.configuration(of: role), domain: database.domain, logger: TestDatabase.logger)
        _ = try await store.importCustomers([Samples.customer("a"), Samples.customer("b")])
        let log = InMemoryEventLog(name: Samples.name)
        for value in [#"{"event_type":"unusual","user_id":"a","event_id":"1","changes":{"tenure":5}}"#, "none"] {
            log.append(key: nil, value: Array(value.utf8))
        }
        log.finish()
        try await Pipeline(
            source: InMemoryEventSource(log: log, decoder: EventDecoder(domain: .telco)), store: store,
            models: ModelSlot(DigestPredictor(domain: .telco)), broadcaster: InMemoryBroadcaster(handler: { _ in }),
            domain: .telco, environment: Pipeline.Environment(logger: TestDatabase.logger)
        ).run()
        #expect(try await database.number("SELECT count(*) AS n FROM events") == 1)
        #expect(try await database.number("SELECT count(*) AS n FROM dead_letters") == 1)
        try await database.run("DELETE FROM users WHERE customerid = 'b'")
        let future = Timestamp(microseconds: Timestamp.systemNow().microseconds + 3_600_000_000)
        _ = try await store.retention.prune(updateLogOlderThan: future, dedupOlderThan: future, eventsOlderThan: future)
        let error = await #expect(throws: ChurnError.self) {
            try await store.pool.withConnection("change a table") {
                try $0.run("ALTER TABLE users ADD COLUMN note text")
            }
        }
        #expect(error?.code == .privilegeMissing)
        await store.close()
    }

    private func serve(in database: TestDatabase, as role: String) async throws {
        let configuration = try database.configuration(of: role)
        let store = try PostgresStore(configuration, domain: database.domain, logger: TestDatabase.logger)
        let feed = CustomerProjectionFeed(store: store, health: HealthBoard(), logger: TestDatabase.logger)
        try await feed.reload()
        try await store.record(
            RiskSnapshot(time: .systemNow(), customers: 0, bands: [:], valueAtRisk: 0, meanProbability: nil))
        #expect(try await feed.watchlist(WatchlistQuery()).customers.count <= 1)
        #expect(try await store.showImportances(of: Samples.model), "there is nothing to compute for it")
        let status = try Migrator(configuration, domain: database.domain, logger: TestDatabase.logger)
        #expect(try await status.status().isCurrent)
        await status.close()
        let error = await #expect(throws: ChurnError.self) { try await store.importCustomers([Samples.customer("c")]) }
        #expect(error?.code == .privilegeMissing && error?.advice.contains("table users") == true)
        await store.close()
    }
}
