import ChurnCore
import ChurnInsight
import Hummingbird

/// What every REST route is made of.
struct APIDependencies: EndpointGroup, Sendable {
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

    /// The endpoints of the REST API.
    var endpoints: [Endpoint] {
        let groups: [any EndpointGroup] = [
            KPIRoute(dependencies: self), TopReasonsRoute(dependencies: self), AnalyticsRoute(dependencies: self),
            WatchlistRoute(dependencies: self),
            WatchlistExport(dependencies: self), HistoryRoutes(dependencies: self), HistoryExports(dependencies: self),
            TimelineRoute(dependencies: self), ExplanationRoutes(dependencies: self),
            InterventionRoute(dependencies: self), ScoreRoute(dependencies: self), WhatIfRoute(dependencies: self),
            ModelRoutes(dependencies: self), RescoreRoutes(dependencies: self), ModelHealthRoute(dependencies: self),
            DomainRoute(domain: self.domain),
        ]
        return groups.flatMap(\.endpoints)
    }
}
