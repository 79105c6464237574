public import ChurnCore
public import ChurnInsight
public import Metrics

/// What a ``ChurnServer`` shows and changes, and what it reports to.
///
/// Hub, customers and domain are needed; everything else has a default.
public struct ServerDependencies: Sendable {
    /// Passes updates on; it runs beside the server.
    public var hub: UpdateHub
    /// Where customers are looked up.
    public var customers: any CustomerDirectory
    /// Names the customers' columns.
    public var domain: Domain
    /// Who may do what, and where what they change is written down.
    public var access: AccessControl
    /// What the REST routes read and write; nil for a server without them.
    public var queries: ServerQueries?
    /// What the routes of cases and webhooks read and change; nil for a server without them.
    public var cases: CaseDependencies?
    /// What `/health/ready` shows.
    public var health: HealthBoard
    /// Makes the server's instruments.
    public var metrics: any MetricsFactory
    /// What `/metrics` shows; nil for a server without that address.
    public var exporter: (any MetricsExporter)?

    /// Creates dependencies.
    public init(
        hub: UpdateHub, customers: any CustomerDirectory, domain: Domain, access: AccessControl = .open(),
        queries: ServerQueries? = nil, cases: CaseDependencies? = nil, health: HealthBoard = HealthBoard(),
        metrics: any MetricsFactory = MetricsSystem.factory, exporter: (any MetricsExporter)? = nil
    ) {
        (self.hub, self.customers, self.domain, self.access) = (hub, customers, domain, access)
        (self.queries, self.cases, self.health) = (queries, cases, health)
        (self.metrics, self.exporter) = (metrics, exporter)
    }
}
