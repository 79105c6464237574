import ChurnCore
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// HTTP and WebSocket on one port: the live feed, customers, health and metrics.
///
/// `run()` returns within ``ServerLimits/shutdownTimeout`` and a little after a graceful shutdown began: every
/// WebSocket is told 1001, every other connection is closed.
public struct ChurnServer: Service, CustomStringConvertible {
    private let configuration: ServerConfiguration
    private let responder: RouterResponder<ServeContext>
    private let webSockets: [String: WebSocketSessionMaker]
    private let metrics: ServeMetrics
    private let logger: Logger
    private let onListening: @Sendable (_ host: String, _ port: Int) async -> Void

    /// Creates a server; it binds when it runs.
    ///
    /// - Parameters:
    ///   - hub: passes updates on; run it beside the server.
    ///   - customers: where customers are looked up.
    ///   - domain: names the customers' columns.
    ///   - alerts: what the routes of alerts and webhooks read and change; nil for a server without them.
    ///   - health: what `/health/ready` shows.
    ///   - metrics: what `/metrics` shows; the server's own are added to it.
    ///   - onListening: called once the port is bound, with the address: `port` may be 0 in the configuration.
    public init(
        configuration: ServerConfiguration = ServerConfiguration(), hub: UpdateHub,
        customers: any CustomerDirectory, domain: Domain, alerts: AlertDesk? = nil, health: HealthBoard,
        metrics: PrometheusMetricsFactory, logger: Logger,
        onListening: @escaping @Sendable (_ host: String, _ port: Int) async -> Void = { _, _ in }
    ) {
        self.init(
            configuration: configuration, customers: customers, domain: domain, alerts: alerts, health: health,
            metrics: metrics, logger: logger,
            webSockets: [
                "/ws/updates": { request, eventLoop in
                    UpdateSubscriber(hub: hub, eventLoop: eventLoop, resumeFrom: request.cursor)
                }
            ],
            onListening: onListening)
    }

    /// Creates a server of health and metrics only, for a process that scores and serves nobody else.
    public init(
        probesOnly configuration: ServerConfiguration, health: HealthBoard, metrics: PrometheusMetricsFactory,
        logger: Logger, onListening: @escaping @Sendable (_ host: String, _ port: Int) async -> Void = { _, _ in }
    ) {
        self.init(
            configuration: configuration, health: health, metrics: metrics, logger: logger, webSockets: [:],
            onListening: onListening
        ) { _ in }
    }

    init(
        configuration: ServerConfiguration, customers: any CustomerDirectory, domain: Domain,
        alerts: AlertDesk? = nil, health: HealthBoard, metrics: PrometheusMetricsFactory, logger: Logger,
        webSockets: [String: WebSocketSessionMaker],
        onListening: @escaping @Sendable (_ host: String, _ port: Int) async -> Void
    ) {
        self.init(
            configuration: configuration, health: health, metrics: metrics, logger: logger, webSockets: webSockets,
            onListening: onListening
        ) { router in
            CustomerRoute(customers: customers, domain: domain, deadline: configuration.limits.requestDeadline)
                .add(to: router)
            PageRoutes().add(to: router)
            guard let alerts else { return }
            AlertRoutes(desk: alerts, limits: configuration.limits).add(to: router)
            DeliveryRoute(log: alerts.deliveries, limits: configuration.limits).add(to: router)
        }
    }

    private init(
        configuration: ServerConfiguration, health: HealthBoard, metrics: PrometheusMetricsFactory, logger: Logger,
        webSockets: [String: WebSocketSessionMaker],
        onListening: @escaping @Sendable (_ host: String, _ port: Int) async -> Void,
        routes: (Router<ServeContext>) -> Void
    ) {
        self.configuration = configuration
        self.webSockets = webSockets
        self.metrics = ServeMetrics(factory: metrics)
        self.logger = logger
        self.onListening = onListening
        let router = Router(context: ServeContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: AnswerMiddleware(metrics: self.metrics))
        HealthRoutes(board: health).add(to: router)
        MetricsRoute(metrics: metrics).add(to: router)
        routes(router)
        self.responder = router.buildResponder()
    }

    /// The type's name: a service group logs its services, and what this one holds is no one's business.
    public var description: String { "ChurnServer" }

    /// Serves until a graceful shutdown, or until the task is cancelled.
    ///
    /// - Throws: ``ChurnCore/ChurnError`` when the configuration is wrong or the address cannot be bound.
    public func run() async throws {
        try self.configuration.validate()
        let registry = ConnectionRegistry(maximum: self.configuration.limits.maximumConnections)
        let application = self.application(registry: registry)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await Self.run(application, at: self.configuration) }
            group.addTask {
                try await gracefulShutdown()
                try await Task.sleep(for: self.configuration.limits.shutdownTimeout)
                registry.closeAll()
                // Stays until the application has ended, so that its result is the group's.
                try await Task.sleep(for: .seconds(3600))
            }
            defer {
                group.cancelAll()
                registry.closeAll()
            }
            try await group.next()
        }
    }

    private func application(registry: ConnectionRegistry) -> some Service {
        var quiet = self.logger
        // Hummingbird announces itself at info; our caller says where the server listens.
        quiet.logLevel = max(quiet.logLevel, .notice)
        let configuration = self.configuration
        return Application(
            responder: self.responder,
            server: HTTPServerBuilder { responder in
                ServeChannel(
                    responder: responder, host: configuration.host, limits: configuration.limits,
                    metrics: self.metrics, registry: registry, webSockets: self.webSockets)
            },
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), serverName: nil, backlog: 1024),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? configuration.port
                self.logger.debug("Listening", metadata: ["churn.port": "\(port)"])
                await self.onListening(configuration.host, port)
            },
            logger: quiet)
    }

    private static func run(_ application: some Service, at configuration: ServerConfiguration) async throws {
        do {
            try await application.run()
        } catch let error as IOError {
            throw ChurnError(
                .invalidConfiguration, .fatal, during: "listen",
                advice: """
                    cannot listen at \(configuration.host) port \(configuration.port): another program may use the \
                    port, or the address is not this machine's. Choose another port (0 takes any free one)
                    """,
                underlying: error)
        }
    }
}
