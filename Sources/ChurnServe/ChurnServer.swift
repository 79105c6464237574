public import ChurnCore
import ChurnInsight
import HTTPTypes
import Hummingbird
import HummingbirdCore
public import Logging
public import Metrics
import NIOCore
public import ServiceLifecycle

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
    private let health: HealthBoard
    private let metrics: ServeMetrics
    private let logger: Logger
    private let onListening: @Sendable (_ host: String, _ port: Int) async -> Void
    /// Everything that the server answers, by address.
    let endpoints: [Endpoint]

    /// Creates a server; it binds when it runs.
    ///
    /// - Parameters:
    ///   - configuration: where it listens, and its limits.
    ///   - dependencies: what it shows and changes.
    ///   - logger: for what clients cannot see.
    ///   - onListening: called once the port is bound, with the address: `port` may be 0 in the configuration.
    public init(
        _ configuration: ServerConfiguration = ServerConfiguration(), serving dependencies: ServerDependencies,
        logger: Logger, onListening: @escaping @Sendable (_ host: String, _ port: Int) async -> Void = { _, _ in }
    ) {
        let hub = dependencies.hub
        self.init(
            configuration, serving: dependencies,
            webSockets: [
                FeedRoute.path: { request, eventLoop in
                    UpdateSubscriber(hub: hub, eventLoop: eventLoop, options: request.options)
                }
            ], logger: logger, onListening: onListening)
    }

    /// Creates a server of health and metrics only, for a process that scores and serves no one else.
    public init(
        probesOnly configuration: ServerConfiguration, health: HealthBoard, metrics: any MetricsFactory,
        exporter: any MetricsExporter, logger: Logger,
        onListening: @escaping @Sendable (_ host: String, _ port: Int) async -> Void = { _, _ in }
    ) {
        self.init(
            configuration, access: nil, health: health, metrics: metrics, webSockets: [:],
            groups: Self.operations(configuration, HealthRoutes(board: health), exporter), logger: logger,
            onListening: onListening)
    }

    /// - Parameter webSockets: what opens at which path.
    init(
        _ configuration: ServerConfiguration, serving dependencies: ServerDependencies,
        webSockets: [String: WebSocketSessionMaker], logger: Logger,
        onListening: @escaping @Sendable (_ host: String, _ port: Int) async -> Void
    ) {
        let (limits, queries) = (configuration.limits, dependencies.queries)
        let canaryFallbacks = CanaryFallbacks(factory: dependencies.metrics)
        let pages = DashboardRoutes(bundle: configuration.dashboard, basePath: configuration.basePath)
        var groups: [any EndpointGroup] = [
            CustomerRoute(
                customers: dependencies.customers, domain: dependencies.domain, deadline: limits.requestDeadline,
                models: queries?.models ?? ModelSlot(), canaryFallbacks: canaryFallbacks),
            PageRoutes(), FeedRoute(), pages, MeRoute(),
            AuditRoute(audit: dependencies.access.audit, deadline: limits.requestDeadline),
            BroadcastRoutes(hub: dependencies.hub),
        ]
        if let cases = dependencies.cases {
            groups += [
                CaseRoutes(dependencies: cases, limits: limits), DeliveryRoute(log: cases.deliveries, limits: limits),
            ]
        }
        if let queries {
            groups.append(
                APIDependencies(
                    queries: queries, directory: dependencies.customers, domain: dependencies.domain, limits: limits,
                    canaryFallbacks: canaryFallbacks))
        }
        let details: HealthDetails =
            dependencies.access.authenticator.map { .signedIn($0, deadline: limits.poolWait) } ?? .thisMachine
        groups += Self.operations(
            configuration, HealthRoutes(board: dependencies.health, details: details), dependencies.exporter)
        self.init(
            configuration, access: dependencies.access, health: dependencies.health, metrics: dependencies.metrics,
            webSockets: webSockets, groups: groups, pages: pages, isDocumented: queries != nil, logger: logger,
            onListening: onListening)
    }

    /// Health and metrics, where the configuration has them on this port.
    private static func operations(
        _ configuration: ServerConfiguration, _ health: HealthRoutes, _ exporter: (any MetricsExporter)?
    ) -> [any EndpointGroup] {
        guard configuration.servesOperations else { return [] }
        return [health] + (exporter.map { [MetricsRoute(exporter: $0)] } ?? [])
    }

    private init(
        _ configuration: ServerConfiguration, access: AccessControl?, health: HealthBoard,
        metrics: any MetricsFactory, webSockets: [String: WebSocketSessionMaker], groups: [any EndpointGroup],
        pages: DashboardRoutes? = nil, isDocumented: Bool = false,
        logger: Logger, onListening: @escaping @Sendable (_ host: String, _ port: Int) async -> Void
    ) {
        var endpoints = groups.flatMap(\.endpoints)
        if isDocumented {
            endpoints +=
                DocumentationRoutes(
                    others: endpoints, isOpen: access?.isOpen ?? true, basePath: configuration.basePath
                ).endpoints
        }
        self.endpoints = endpoints
        self.configuration = configuration
        self.access = access
        self.admission = access?.authenticator.map {
            SocketAdmission(authenticator: $0, maximum: configuration.limits.maximumSocketsPerPrincipal)
        }
        self.webSockets = webSockets
        self.health = health
        self.metrics = ServeMetrics(factory: metrics)
        self.logger = logger
        self.onListening = onListening
        let router = Router(context: ServeContext.self, options: .autoGenerateHeadEndpoints)
        let origins = configuration.originPolicy
        router.add(middleware: CrossOriginMiddleware(origins: origins))
        router.add(
            middleware: AnswerMiddleware(
                metrics: self.metrics, logger: logger, pages: pages, isSecure: configuration.tls != nil))
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
    /// - Throws: ``/ChurnCore/ChurnError`` when the configuration is wrong or the address cannot be bound.
    public func run() async throws {
        try self.configuration.validate(access: self.access)
        let probePaths = Set(self.endpoints.map(\.path)).intersection(HealthRoutes.paths + [MetricsRoute.path])
        let front = try ConnectionFront(self.configuration, probePaths: probePaths, logger: self.logger)
        let registry = ConnectionRegistry(
            shares: try self.configuration.limits.shares(
                within: FileDescriptors.limit, servesProbes: !probePaths.isEmpty),
            isBehindProxy: self.configuration.isBehindProxy, metrics: self.metrics, logger: self.logger)
        let application = self.application(front: front, registry: registry)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await Self.run(application, at: self.configuration) }
            if let certificate = front.certificate {
                let interval = self.configuration.limits.certificateCheckInterval
                group.addTask { await certificate.watch(every: interval, health: self.health) }
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
