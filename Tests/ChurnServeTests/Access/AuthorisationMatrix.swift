@testable import ChurnServe

/// What every route answers to every kind of caller, stated by hand: the other half of ``RouteAccess/table``.
enum AuthorisationMatrix {
    /// The status for each of ``TestAccess/Credential`` in order: none, bad, expired, wrong audience, viewer, agent,
    /// ingest, admin; 200 where the route is reached.
    static let stated: [String: String] = [
        "GET /": Self.open,
        "GET /live.js": Self.open,
        "GET /live.css": Self.open,
        "GET /docs": Self.open,
        "GET /docs.js": Self.open,
        "GET /docs.css": Self.open,
        "GET /openapi.json": Self.open,
        "GET /health/live": Self.open,
        "GET /health/ready": Self.open,
        "GET /metrics": Self.open,
        "GET /ws/updates": Self.open,
        "GET /api/dashboard-kpis": "401 401 401 401 200 200 403 200",
        "GET /api/watchlist": "401 401 401 401 200 200 403 200",
        "GET /api/watchlist/export": "401 401 401 401 200 200 403 200",
        "GET /api/customer/{id}": "401 401 401 401 200 200 403 200",
        "GET /api/customer/{id}/timeline": "401 401 401 401 200 200 403 200",
        "GET /api/churn-alerts-history": "401 401 401 401 200 200 403 200",
        "GET /api/shap-summary": "401 401 401 401 200 200 403 200",
        "GET /api/events/history": "401 401 401 401 200 200 403 200",
        "GET /api/events/history/export": "401 401 401 401 200 200 403 200",
        "GET /api/churn-alerts-history/export": "401 401 401 401 200 200 403 200",
        "GET /api/domain": "401 401 401 401 200 200 403 200",
        "GET /api/alerts/{id}": "401 401 401 401 200 200 403 200",
        "GET /api/alerts/{id}/history": "401 401 401 401 200 200 403 200",
        "GET /api/webhooks/deliveries": "401 401 401 401 403 403 403 200",
        "POST /api/alerts/{id}/acknowledge": "401 401 401 401 403 200 403 200",
        "POST /api/alerts/{id}/assign": "401 401 401 401 403 200 403 200",
        "POST /api/alerts/{id}/snooze": "401 401 401 401 403 200 403 200",
        "POST /api/alerts/{id}/resolve": "401 401 401 401 403 200 403 200",
        "POST /api/alerts/{id}/reopen": "401 401 401 401 403 200 403 200",
        "GET /api/alerts": "401 401 401 401 200 200 403 200",
        "GET /api/models": "401 401 401 401 200 200 403 200",
        "POST /api/customer/{id}/log-intervention": "401 401 401 401 403 200 403 200",
        "POST /api/score": "401 401 401 401 200 200 200 200",
        "POST /api/broadcast-event": "401 401 401 401 403 403 200 200",
        "POST /api/update-churn-risk": "401 401 401 401 403 403 200 200",
        "GET /api/audit": "401 401 401 401 403 403 403 200",
    ]

    private static let open = "200 200 200 200 200 200 200 200"
}
