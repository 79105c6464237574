import ChurnCore
import ChurnInsight
import Hummingbird

/// The dependencies of every REST route.
struct APIDependencies: Sendable {
    var queries: ServerQueries
    var directory: any CustomerDirectory
    var domain: Domain
    var limits: ServerLimits
    let canaryFallbacks: CanaryFallbacks
    /// Of all exports of the server.
    let exportPlaces: ExportPlaces

    init(
        queries: ServerQueries, directory: any CustomerDirectory, domain: Domain, limits: ServerLimits,
        canaryFallbacks: CanaryFallbacks
    ) {
        (self.queries, self.directory, self.domain, self.limits) = (queries, directory, domain, limits)
        self.canaryFallbacks = canaryFallbacks
        self.exportPlaces = ExportPlaces(limits.maximumExports)
    }

    /// The column by which customers are grouped; also the name of the parameter that filters by it.
    var segmentColumn: String { self.domain.schema.features[self.domain.segmentFeature].column }

    /// Asks a store, for as long as a request may take.
    func ask<Value: Sendable>(_ work: @escaping @Sendable (ServerQueries) async throws -> Value) async throws -> Value {
        let queries = self.queries
        return try await withDeadline(self.limits.requestDeadline) { try await work(queries) }
    }

    /// Adds all REST routes.
    func addRoutes(to router: Router<ServeContext>) {
        KPIRoute(dependencies: self).add(to: router)
        AnalyticsRoute(dependencies: self).add(to: router)
        WatchlistRoute(dependencies: self).add(to: router)
        WatchlistExport(dependencies: self).add(to: router)
        HistoryRoutes(dependencies: self).add(to: router)
        HistoryExports(dependencies: self).add(to: router)
        TimelineRoute(dependencies: self).add(to: router)
        ExplanationRoutes(dependencies: self).add(to: router)
        InterventionRoute(dependencies: self).add(to: router)
        ScoreRoute(dependencies: self).add(to: router)
        SimulateRoute(dependencies: self).add(to: router)
        ModelRoutes(dependencies: self).add(to: router)
        ModelHealthRoute(dependencies: self).add(to: router)
        DomainRoute(domain: self.domain).add(to: router)
    }
}
