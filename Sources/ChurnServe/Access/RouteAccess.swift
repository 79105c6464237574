import HTTPTypes

/// The access to a route.
///
/// The table is the only place that says so. A route that it does not name answers no one.
enum RouteAccess: Equatable, Sendable {
    /// Everyone, without a credential: pages that hold no data, health, metrics.
    case open
    /// Principals with one of these roles, and admins.
    case roles(Set<Role>)

    /// Reading, for people.
    static let reading = Self.roles([.viewer, .agent])
    /// Actions for customers, by people.
    static let working = Self.roles([.agent])
    /// Input of other processes.
    static let sending = Self.roles([.ingest])
    /// Asking for scores.
    static let scoring = Self.roles([.viewer, .agent, .ingest])
    /// Routes of administrators only.
    static let administering = Self.roles([])

    /// The roles that may open the WebSocket, once the client has signed in.
    static let updates: Set<Role> = [.viewer, .agent]

    /// Every route by its method and path.
    static let table: [String: RouteAccess] = [
        "GET /": .open,
        "GET /watchlist": .open,
        "GET /customer/{id}": .open,
        "GET /analytics": .open,
        "GET /live": .open,
        "GET /alerts": .open,
        "GET /assets/{name}": .open,
        "GET /live.js": .open,
        "GET /live.css": .open,
        "GET /docs": .open,
        "GET /docs.js": .open,
        "GET /docs.css": .open,
        "GET /openapi.json": .open,
        "GET /health/live": .open,
        "GET /health/ready": .open,
        "GET /metrics": .open,
        // Says only that a WebSocket opens here; the socket itself signs in.
        "GET /ws/updates": .open,

        "GET /api/dashboard-kpis": .reading,
        "GET /api/analytics": .reading,
        "GET /api/watchlist": .reading,
        "GET /api/watchlist/export": .reading,
        "GET /api/customer/{id}": .reading,
        "GET /api/customer/{id}/timeline": .reading,
        "GET /api/customer/{id}/explanation": .reading,
        "GET /api/customer/{id}/changes": .reading,
        "GET /api/churn-alerts-history": .reading,
        "GET /api/churn-alerts-history/export": .reading,
        "GET /api/shap-summary": .reading,
        "GET /api/events/history": .reading,
        "GET /api/events/history/export": .reading,
        "GET /api/domain": .reading,
        "GET /api/alerts": .reading,
        "GET /api/alerts/{id}": .reading,
        "GET /api/alerts/{id}/history": .reading,
        "GET /api/models": .reading,
        "GET /api/model-health": .reading,

        "POST /api/customer/{id}/log-intervention": .working,
        "POST /api/score": .scoring,
        "POST /api/simulate": .reading,
        "POST /api/broadcast-event": .sending,
        "POST /api/update-churn-risk": .sending,
        "POST /api/alerts/{id}/acknowledge": .working,
        "POST /api/alerts/{id}/assign": .working,
        "POST /api/alerts/{id}/snooze": .working,
        "POST /api/alerts/{id}/resolve": .working,
        "POST /api/alerts/{id}/reopen": .working,
        "GET /api/audit": .administering,
        "GET /api/webhooks/deliveries": .administering,
    ]

    /// Returns the access to a route; nil where the table does not name it.
    static func of(_ method: HTTPRequest.Method, _ path: String) -> RouteAccess? {
        // The router answers HEAD wherever it answers GET.
        self.table["\(method == .head ? .get : method) \(path)"]
    }

    /// The methods of a path that the table names, as an Allow header lists them; nil where it names none.
    static func methods(at path: String) -> String? {
        var methods = Set(HTTPRequest.Method.common.filter { self.table["\($0) \(path)"] != nil }.map(\.rawValue))
        if methods.contains("GET") { methods.insert("HEAD") }
        return methods.isEmpty ? nil : methods.sorted().joined(separator: ", ")
    }
}

extension HTTPRequest.Method {
    /// The methods that routes have.
    fileprivate static let common: [Self] = [.get, .post, .put, .patch, .delete]
}
