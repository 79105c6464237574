import ChurnCore
import ChurnMemory
import Logging
import ServeTestSupport
import Testing

@testable import ChurnServe

/// Runs `body` beside a hub over a store.
func withRunningHub(
    over store: InMemoryStore, _ configuration: UpdateHubConfiguration, _ body: (UpdateHub) async throws -> Void
) async throws {
    let health = HealthBoard()
    let hub = UpdateHub(
        log: store, configuration: configuration, health: health, metrics: PrometheusMetricsFactory(),
        logger: Logger.quiet)
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await hub.run() }
        try await eventually("the hub has started") { health.isReady }
        try await body(hub)
        group.cancelAll()
    }
}
