import ChurnCore
import ChurnInsight
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// HTTP and WebSocket on one port: the live feed, customers, health and metrics.
///
/// `run()` returns within ``ServerLimits/shutdownTimeout`` and a little after a graceful shutdown began: every
/// WebSocket is closed with 1001, every other connection is closed.
public struct ChurnServer: Service, CustomStringConvertible {
    private let configuration: ServerConfiguration
    /// nil for a server of health and metrics only.
    private let access: AccessControl?
    private let responder: RouterResponder<ServeContext>
    private let webSockets: [String: WebSocketSessionMaker]
    private let admission: SocketAdmission?
    private let metrics: ServeMetrics
    private let logger: Logger
    private let onListening: @Sendable (_ host: String, _ port: Int) async -> Void
    /// Everything that the server answers, by address.
    let endpoints: [Endpoint]

    /// Creates a server; it binds when it runs.
    ///
    /// - Parameters:
    ///   - access: who may do what, and where what they change is written down.
    ///   - hub: passes updates on; run it beside the server.
    ///   - customers: where customers are looked up.
    ///   - domain: names the customers' columns.
    ///   - queries: what the REST routes read and write; nil for a server without them.
    ///   - alerts: what the routes of alerts and webhooks read and change; nil for a server without them.
    ///   - health: what `/health/ready` shows.
    ///   - metrics: what `/metrics` shows; the server's own are added to it.
    ///   - onListening: called once the port is bound, with the address: `port` may be 0 in the configuration.
    public init(
        configuration: ServerConfiguration = ServerConfiguration(), access: AccessControl = .open(), hub: UpdateHub,
        customers: any CustomerDirectory, domain: Domain, queries: ServerQueries? = nil,
        alerts: AlertDependencies? = nil,
        health: HealthBoard,
        metrics: PrometheusMetricsFactory, logger: Logger,
        onListening: @escaping @Sendable (_ host: String, _ port: Int) async -> Void = { _, _ in }
    ) {
        self.init(
            configuration: configuration, access: access, customers: customers, domain: domain, queries: queries,
            alerts: alerts, health: health, metrics: metrics, logger: logger, hub: hub,
            webSockets: [
                FeedRoute.path: { request, eventLoop in
                    UpdateSubscriber(hub: hub, eventLoop: eventLoop, options: request.options)
                }
            ], onListening: onListening)
    }

    /// Creates a server of health and metrics only, for a process that scores and serves no one else.
    public init(
        probesOnly configuration: ServerConfiguration, health: HealthBoard, metrics: PrometheusMetricsFactory,
        logger: Logger, onListening: @escaping @Sendable (_ host: String, _ port: Int) async -> Void = { _, _ in }
    ) {
        self.init(
            configuration: configuration, access: nil, health: health, metrics: metrics, logger: logger,
            webSockets: [:], onListening: onListening, groups: [])
    }

    init(
        configuration: ServerConfiguration, access: AccessControl = .open(), customers: any CustomerDirectory,
        domain: Domain, queries: ServerQueries? = nil, alerts: AlertDependencies? = nil, health: HealthBoard,
        metrics: PrometheusMetricsFactory, logger: Logger, hub: UpdateHub? = nil,
        webSockets: [String: WebSocketSessionMaker],
        onListening: @escaping @Sendable (_ host: String, _ port: Int) async -> Void
    ) {
        let canaryFallbacks = CanaryFallbacks(factory: metrics)
        var groups: [any EndpointGroup] = [
            CustomerRoute(
                customers: customers, domain: domain, deadline: configuration.limits.requestDeadline,
                models: queries?.models ?? ModelSlot(), canaryFallbacks: canaryFallbacks),
            PageRoutes(), FeedRoute(), DashboardRoutes(bundle: configuration.dashboard),
            AuditRoute(audit: access.audit, deadline: configuration.limits.requestDeadline),
        ]
        if let hub { groups.append(BroadcastRoutes(hub: hub)) }
        if let alerts {
            groups += [
                AlertRoutes(dependencies: alerts, limits: configuration.limits),
                DeliveryRoute(log: alerts.deliveries, limits: configuration.limits),
            ]
        }
        if let queries {
            groups.append(
                APIDependencies(
                    queries: queries, directory: customers, domain: domain, limits: configuration.limits,
                    canaryFallbacks: canaryFallbacks))
        }
        self.init(
            configuration: configuration, access: access, health: health, metrics: metrics, logger: logger,
            webSockets: webSockets, onListening: onListening, groups: groups, isDocumented: queries != nil)
    }

    private init(
        configuration: ServerConfiguration, access: AccessControl?, health: HealthBoard,
        metrics: PrometheusMetricsFactory, logger: Logger, webSockets: [String: WebSocketSessionMaker],
        onListening: @escaping @Sendable (_ host: String, _ port: Int) async -> Void,
        groups: [any EndpointGroup], isDocumented: Bool = false
    ) {
        var groups = groups
        if configuration.servesOperations {
            groups += [HealthRoutes(board: health), MetricsRoute(metrics: metrics)] as [any EndpointGroup]
        }
        var endpoints = groups.flatMap(\.endpoints)
        if isDocumented {
            endpoints += DocumentationRoutes(others: endpoints, isOpen: access?.isOpen ?? true).endpoints
        }
        self.endpoints = endpoints
        self.configuration = configuration
        self.access = access
        self.admission = access?.authenticator.map {
            SocketAdmission(authenticator: $0, maximum: configuration.limits.maximumSocketsPerPrincipal)
        }
        self.webSockets = webSockets
        self.metrics = ServeMetrics(factory: metrics)
        self.logger = logger
        self.onListening = onListening
        let router = Router(context: ServeContext.self, options: .autoGenerateHeadEndpoints)
        let origins = configuration.originPolicy
        router.add(middleware: CrossOriginMiddleware(origins: origins))
        router.add(
            middleware: AnswerMiddleware(
                metrics: self.metrics, logger: logger, isSecure: configuration.tls != nil))
        router.add(
            middleware: AccessMiddleware(
                table: AccessTable(endpoints), access: access ?? .open(),
                limiter: RateLimiter(perSecond: configuration.limits.requestsPerSecondPerPrincipal),
                deadline: configuration.limits.requestDeadline))
        router.add(middleware: WriteScreen(origins: origins))
        router.add(endpoints)
        self.responder = router.buildResponder()
    }

    /// The type's name: a service group logs its services, and what this one holds is no one's business.
    public var description: String { "ChurnServer" }

    /// Serves until a graceful shutdown, or until the task is cancelled.
    ///
    /// - Throws: ``ChurnCore/ChurnError`` when the configuration is wrong or the address cannot be bound.
    public func run() async throws {
        try self.configuration.validate(access: self.access)
        let front = try ConnectionFront(self.configuration, logger: self.logger)
        let registry = ConnectionRegistry(
            maximum: try self.configuration.limits.connections(within: FileDescriptors.limit), metrics: self.metrics,
            logger: self.logger)
        let application = self.application(front: front, registry: registry)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await Self.run(application, at: self.configuration) }
            if let certificate = front.certificate {
                let interval = self.configuration.limits.certificateCheckInterval
                group.addTask { await certificate.watch(every: interval) }
            }
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

    private func application(front: ConnectionFront, registry: ConnectionRegistry) -> some Service {
        var quiet = self.logger
        // Hummingbird announces itself at info; our caller says where the server listens.
        quiet.logLevel = max(quiet.logLevel, .notice)
        let configuration = self.configuration
        return Application(
            responder: self.responder,
            server: HTTPServerBuilder { responder in
                ServeChannel(
                    responder: responder, front: front, limits: configuration.limits, metrics: self.metrics,
                    registry: registry, admission: self.admission, webSockets: self.webSockets)
            },
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), serverName: nil, backlog: 1024,
                availableConnectionsDelegate: .maximum(registry.acceptedAtOnce, logger: quiet)),
            onServerRunning: { channel in
                try? await channel.pipeline.addHandler(AcceptErrorHandler(registry: registry), position: .first).get()
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
