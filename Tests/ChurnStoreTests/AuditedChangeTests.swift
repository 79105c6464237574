import ChurnCore
import ChurnInsight
import Testing

@testable import ChurnStore

@Suite("A change and what the log says of it are one", .enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct AuditedChangeTests {
    private static let note = NewAuditEntry(
        time: Timestamp(microseconds: 0), actor: "user:ann", action: "sample.changed")

    /// Makes a case and returns its number.
    private static func raise(in store: PostgresStore) async throws -> Int64 {
        let id = try await store.reserveEventIDs(1)
        var scored = Samples.scored(Samples.event("a", offset: 0), id: id)
        scored.prediction?.alert = AlertDecision(isAlert: true, becameAtRisk: true)
        #expect(try await store.write(ScoredBatch(ranges: [Samples.range(0, 1)], events: [scored])).isWritten)
        return id
    }

    @Test("where the database refuses the audit entry, nothing of the change is kept")
    func refused() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            _ = try await store.importCustomers([Samples.customer("a")])
            let caseID = try await Self.raise(in: store)
            let key = APIKey(
                id: "k", name: "n", roles: [], digest: [1], created: Timestamp(microseconds: 0))
            try await database.run("ALTER TABLE audit_log ADD CONSTRAINT closed CHECK (false)")
            await #expect(throws: ChurnError.self) { _ = try await store.addAPIKey(key) { _ in Self.note } }
            await #expect(throws: ChurnError.self) {
                _ = try await store.log(
                    NewIntervention(customerID: "a", action: "call", time: Timestamp(microseconds: 0))
                ) { _ in Self.note }
            }
            await #expect(throws: ChurnError.self) {
                _ = try await store.take(
                    .acknowledge, on: caseID, version: 0, by: "x", at: Timestamp(microseconds: 0)
                ) { _ in Self.note }
            }
            for table in ["api_keys", "intervention_log", "alert_states", "alert_changes", "audit_log"] {
                #expect(try await database.number("SELECT count(*) AS n FROM \(table)") == 0, "\(table)")
            }
            // The connections are usable: no transaction was left open.
            try await database.run("ALTER TABLE audit_log DROP CONSTRAINT closed")
            #expect(try await store.addAPIKey(key) { _ in Self.note })
            #expect(try await store.auditEntries(before: nil, limit: 10).count == 1)
            await store.close()
        }
    }

    @Test("a case's history goes with its event")
    func pruning() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            _ = try await store.importCustomers([Samples.customer("a")])
            let caseID = try await Self.raise(in: store)
            for version in Int64(0)..<3 {
                _ = try await store.take(
                    .assign(to: "P\(version)"), on: caseID, version: version, by: "x", at: Timestamp(microseconds: 0))
            }
            let hourAgo = try await database.hoursAgo(1)
            #expect(try await store.retention.prune(eventsOlderThan: hourAgo).caseChanges == 0)
            try await database.run("UPDATE event_log SET recorded_at = now() - interval '2 days'")
            let pruned = try await store.retention.prune(eventsOlderThan: hourAgo)
            #expect(pruned.events == 1 && pruned.cases == 1 && pruned.caseChanges == 3)
            #expect(try await database.number("SELECT count(*) AS n FROM alert_changes") == 0)
            await store.close()
        }
    }
}
