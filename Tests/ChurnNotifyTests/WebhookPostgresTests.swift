import ChurnCore
import ChurnInsight
import ChurnServe
import ChurnStore
import Foundation
import ServeTestSupport
import ServiceLifecycle
import Testing

@testable import ChurnNotify

@Suite(
    "Nodes share webhooks over PostgreSQL", .timeLimit(.minutes(2)),
    .enabled(
        if: ProcessInfo.processInfo.environment["CHURN_TEST_POSTGRES_URL"] != nil,
        "CHURN_TEST_POSTGRES_URL names no server; Scripts/postgres.sh starts one"))
struct WebhookPostgresTests {
    /// Runs `body` with this many stores over one fresh schema.
    ///
    /// The schema stays behind: its name is random, and the server is a test's own.
    private static func with(_ count: Int, _ body: ([PostgresStore]) async throws -> Void) async throws {
        let url = try #require(ProcessInfo.processInfo.environment["CHURN_TEST_POSTGRES_URL"])
        var configuration = PostgresConfiguration(url: Secret(url))
        configuration.schema = "churn_test_\(UInt64.random(in: 1 << 32..<1 << 48))"
        let migrator = try Migrator(configuration, domain: .telco, logger: .quiet)
        _ = try await migrator.migrate()
        await migrator.close()
        let stores = try (0..<count).map { _ in
            try PostgresStore(configuration, domain: .telco, pipeline: "test", logger: .quiet)
        }
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await body(stores))
        } catch {
            outcome = .failure(error)
        }
        for store in stores { await store.close() }
        try outcome.get()
    }

    @Test("of two nodes, one delivers each case, and a node that dies leaves its claims to the other")
    func twoNodes() async throws {
        try await Self.with(2) { stores in
            let first = stores[0]
            try await WebhookReceiver.with { receiver in
                let webhook = try WebhookScene.generic(receiver)
                // A node that claims and then says nothing any more.
                _ = try await first.addDeliveries(
                    [NewDelivery(eventID: 1, key: "key of the dead", body: Array("{}".utf8))], to: webhook.name,
                    from: nil, to: try await first.end())
                let dead = try await first.claimDeliveries(of: webhook.name, limit: 1, lease: .milliseconds(200))
                #expect(dead.count == 1)
                let nodes = stores.map { store in
                    WebhookDeliverer(
                        webhooks: [webhook], updates: store, log: store, configuration: WebhookScene.quick,
                        metrics: PrometheusMetricsFactory(), logger: .quiet)
                }
                let group = ServiceGroup(
                    configuration: ServiceGroupConfiguration(services: nodes, logger: .quiet))
                try await withThrowingTaskGroup(of: Void.self) { tasks in
                    tasks.addTask { try await group.run() }
                    for batch in Int64(0)..<4 {
                        let customers = (0..<10).map { "C\(batch)-\($0)" }
                        let outcome = try await first.write(WebhookScene.batch(customers, from: batch * 10))
                        guard case .written = outcome else { throw GaveUp() }
                    }
                    try await eventually("everything was delivered") {
                        try await first.deliveries(of: nil, status: .delivered, before: nil, limit: 100).count == 41
                    }
                    await group.triggerGracefulShutdown()
                    try await tasks.waitForAll()
                }
                let lines = try await first.deliveries(of: nil, status: nil, before: nil, limit: 100)
                #expect(lines.filter { $0.eventID != 1 }.allSatisfy { $0.attempts == 1 })
                #expect(lines.first { $0.eventID == 1 }?.attempts == 2)
                #expect(receiver.messages.count == 41 && Set(receiver.messages.map(\.key)).count == 41)
                #expect(receiver.messages.contains { $0.key == "key of the dead" })
            }
        }
    }
}
