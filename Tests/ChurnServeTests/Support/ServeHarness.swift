import ChurnCore
import ChurnInsight
import ChurnMemory
import Logging
import NIOSSL
import ServeTestSupport
import ServiceLifecycle
import Testing

@testable import ChurnServe

/// A running server with a hub and an in-memory store, on any free port.
struct ServeHarness: Sendable {
    let port: Int
    let hub: UpdateHub
    let store: InMemoryStore
    let health: HealthBoard
    let metrics: PrometheusMetricsFactory
    let group: ServiceGroup
    let routes: [String]

    /// Runs `body` against a server; stops the server afterwards, and returns how long that took.
    @discardableResult
    static func run(
        limits: ServerLimits = ServerLimits(), hub hubConfiguration: UpdateHubConfiguration? = nil,
        store configuration: InMemoryStore.Configuration = InMemoryStore.Configuration(),
        customers: (any CustomerDirectory)? = nil, queries: ServerQueries? = nil, access: AccessControl = .open(),
        authenticator: (any Authenticator)? = nil, logger: Logger = .quiet,
        change: (inout ServerConfiguration) -> Void = { _ in },
        _ body: @Sendable (ServeHarness) async throws -> Void
    ) async throws -> Duration {
        let audit = access.audit as? InMemoryAuditLog ?? InMemoryAuditLog()
        let store = InMemoryStore(domain: .telco, configuration: configuration, audit: audit)
        let health = HealthBoard()
        let metrics = PrometheusMetricsFactory()
        var quick = UpdateHubConfiguration()
        quick.pollInterval = .milliseconds(10)
        let hub = UpdateHub(
            log: store, configuration: hubConfiguration ?? quick, health: health, metrics: metrics, logger: logger)
        let bound = AsyncStream.makeStream(of: Int.self)
        var configured = ServerConfiguration(port: 0, limits: limits)
        change(&configured)
        let server = ChurnServer(
            configured,
            serving: ServerDependencies(
                hub: hub, customers: customers ?? store, domain: .telco,
                access: authenticator.map { AccessControl(authenticator: $0, audit: InMemoryAuditLog()) } ?? access,
                queries: queries, cases: CaseDependencies(store: store), health: health, metrics: metrics,
                exporter: metrics),
            logger: logger, onListening: { _, port in bound.continuation.yield(port) })
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [hub, server], logger: .quiet))
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var ports = bound.stream.makeAsyncIterator()
            guard let number = await ports.next() else { throw GaveUp() }
            let harness = ServeHarness(
                port: number, hub: hub, store: store, health: health, metrics: metrics, group: group,
                routes: server.endpoints.map(\.address))
            try await eventually("the hub has started") { health.isReady }
            do {
                try await body(harness)
            } catch {
                await group.triggerGracefulShutdown()
                tasks.cancelAll()
                throw error
            }
            let start = ContinuousClock.now
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return start.duration(to: .now)
        }
    }

    /// Sends one request and returns the whole answer of a connection that is then closed.
    func request(
        _ path: String, method: String = "GET", headers: String = "", body: String = "", tls: NIOSSLContext? = nil
    ) async throws -> Answer {
        let client = try await RawClient.connect(port: self.port, tls: tls)
        defer { client.close() }
        try await client.send(
            "\(method) \(path) HTTP/1.1\r\nHost: localhost:\(self.port)\r\nConnection: close\r\n\(headers)\r\n\(body)")
        try await eventually("the answer to \(path) is complete") { client.isClosed }
        return Answer(client.text)
    }
}

/// An HTTP answer, taken apart as far as tests look at it.
struct Answer {
    let status: Int
    let head: String
    let body: String

    init(_ text: String) {
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        self.head = String(parts.first ?? "")
        self.body = parts.count > 1 ? String(parts[1]) : ""
        let words = self.head.split(separator: " ")
        self.status = words.count > 1 ? Int(words[1]) ?? 0 : 0
    }

    func header(_ name: String) -> String? {
        for line in self.head.split(separator: "\r\n") where line.lowercased().hasPrefix(name.lowercased() + ": ") {
            return String(line.dropFirst(name.count + 2))
        }
        return nil
    }
}
