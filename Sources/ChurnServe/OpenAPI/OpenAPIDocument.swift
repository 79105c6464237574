import ChurnCore

/// The contract of the HTTP interface (OpenAPI 3.1): written by hand, with the domain's names filled in.
///
/// Every route of the server stands here; a test compares the two both ways.
struct OpenAPIDocument {
    let domain: Domain
    /// Whether the server asks no one for a credential.
    var isOpen = false

    /// The document as JSON.
    var json: String {
        let paths = [
            Self.customerPaths, Self.explanationPaths, self.watchlistPaths, Self.alertPaths, Self.historyPaths,
            Self.scorePaths,
            Self.broadcastPaths, Self.administrationPaths, Self.systemPaths, Self.pagePaths,
        ]
        return """
            {
            "openapi": "3.1.0",
            "info": {
              "title": "Churn",
              "version": "1.0.0",
              "description": "Customers, scores and alerts of one customer base. Times are UTC in ISO 8601. Failures are \
            problem details (RFC 9457).",
              "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"}
            },
            "servers": [{"url": "/"}],
            "security": [\(self.isOpen ? "" : #"{"bearer": []}"#)],
            "tags": [
              {"name": "Customers", "description": "One customer, and the list of those to look at."},
              {"name": "Alerts", "description": "Customers that became at risk, and what people do about them."},
              {"name": "Dashboard", "description": "Figures over all customers."},
              {"name": "History", "description": "Events and alerts, newest first."},
              {"name": "Scoring", "description": "The model, and scores on request."},
              {"name": "Broadcasts", "description": "What other programs send to every WebSocket."},
              {"name": "Administration", "description": "What people changed, and what was delivered to webhooks."},
              {"name": "System", "description": "Health, metrics, the live feed and this document."}
            ],
            "paths": {
            \(paths.joined(separator: ",\n"))
            },
            "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer",
              "description": "An API key, or a JSON Web Token of the issuer that the server trusts."}},
            "parameters": \(Self.parameters),
            "responses": \(Self.responses),
            "schemas": {
            \(Self.schemas),
            \(Self.scoreChangeSchema),
            \(Self.alertSchemas),
            \(Self.modelHealthSchemas),
            \(Self.broadcastSchemas),
            \(Self.analyticsSchemas),
            \(Self.administrationSchemas),
            \(self.domainSchemas)
            }
            }
            }
            """
    }

    /// The column by which customers are grouped.
    var segmentColumn: String { self.domain.schema.features[self.domain.segmentFeature].column }
    var valueColumn: String { self.domain.schema.features[self.domain.valueFeature].column }
}
