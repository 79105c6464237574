import ChurnCore
import ChurnInsight
import ChurnMemory
import Logging

@testable import ChurnServe

extension Endpoint {
    /// Every endpoint of a server that leaves nothing out.
    static func all(domain: Domain = .telco, access: AccessControl = .open()) -> [Endpoint] {
        let store = InMemoryStore(domain: domain)
        let health = HealthBoard()
        let metrics = PrometheusMetricsFactory()
        let logger = Logger(label: "test")
        return ChurnServer(
            serving: ServerDependencies(
                hub: UpdateHub(log: store, health: health, metrics: metrics, logger: logger), customers: store,
                domain: domain, access: access,
                queries: ServerQueries(customers: TestQueries(), store: TestQueries()),
                cases: CaseDependencies(store: store), health: health, metrics: metrics, exporter: metrics),
            logger: logger
        ).endpoints
    }

    /// Method and path.
    var address: String { "\(self.method) \(self.path)" }

    /// The same endpoint with another handler.
    func handled(by handler: @escaping Handler) -> Endpoint {
        Endpoint(
            self.method, self.path, self.access, id: self.id, self.tag, self.summary, answers: self.answers, handler)
    }
}
