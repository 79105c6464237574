import ChurnInsight

extension OpenAPIDocument {
    /// Alerts, and what people do about them.
    static let alertPaths = [
        Self.alertList, Self.oneAlert, Self.alertHistory,
        Self.step(
            "acknowledge", summary: "Acknowledge an alert", body: "NewAcknowledgement"),
        Self.step("assign", summary: "Say who is to deal with an alert", body: "NewAssignment"),
        Self.step("snooze", summary: "Put an alert off until a time", body: "NewSnooze"),
        Self.step("resolve", summary: "Say how an alert ended", body: "NewResolution"),
        Self.step("reopen", summary: "Open an alert again", body: "NewReopening"),
    ].joined(separator: ",\n")

    private static let alertList = #"""
        "/api/alerts": {
          "get": {
            "operationId": "alerts", "tags": ["Alerts"], "summary": "Alerts, newest first",
            "description": "Ask again with before=next_before for earlier ones, until it is null. Counts are of all alerts, whatever is asked for. Parameters of other names are refused.",
            "parameters": [
              {"name": "status", "in": "query", "explode": true,
                "description": "Only alerts of these statuses; may be repeated.",
                "schema": {"type": "array", "maxItems": 5, "items": {"$ref": "#/components/schemas/AlertStatus"}}},
              {"name": "band", "in": "query", "explode": true,
                "description": "Only alerts whose score falls into these bands; may be repeated.",
                "schema": {"type": "array", "maxItems": 4, "items": {"$ref": "#/components/schemas/Band"}}},
              {"name": "assignee", "in": "query", "description": "Only alerts that this person is to deal with.",
                "schema": {"$ref": "#/components/schemas/ShortText"}},
              {"name": "customer", "in": "query", "description": "Only alerts of the customer of this id.",
                "schema": {"$ref": "#/components/schemas/ShortText"}},
              {"$ref": "#/components/parameters/Before"},
              {"name": "limit", "in": "query", "description": "How many; more than 200 count as 200.",
                "schema": {"type": "integer", "minimum": 1, "default": 50}}
            ],
            "responses": {
              "200": {"description": "The alerts.", "content": {"application/json": {"schema": {
                "$ref": "#/components/schemas/AlertPage"}}}},
              "400": {"$ref": "#/components/responses/BadRequest"},
              "503": {"$ref": "#/components/responses/Unavailable"},
              \#(Self.refusals)
            }
          }
        }
        """#

    private static let oneAlert = #"""
        "/api/alerts/{id}": {
          "parameters": [{"$ref": "#/components/parameters/AlertID"}],
          "get": {
            "operationId": "alert", "tags": ["Alerts"], "summary": "One alert",
            "description": "The address takes no parameters of a query.",
            "responses": {
              "200": {"description": "The alert.", "content": {"application/json": {"schema": {
                "$ref": "#/components/schemas/Alert"}}}},
              "400": {"$ref": "#/components/responses/BadRequest"},
              "404": {"$ref": "#/components/responses/AlertNotFound"},
              "503": {"$ref": "#/components/responses/Unavailable"},
              \#(Self.refusals)
            }
          }
        }
        """#

    private static let alertHistory = #"""
        "/api/alerts/{id}/history": {
          "parameters": [{"$ref": "#/components/parameters/AlertID"}],
          "get": {
            "operationId": "alertChanges", "tags": ["Alerts"], "summary": "What was done about an alert, newest first",
            "description": "Ask again with before=next_before for earlier steps, until it is null. Parameters of other names are refused.",
            "parameters": [
              {"name": "before", "in": "query", "description": "Only steps that led to versions below this one.",
                "schema": {"type": "integer", "minimum": 1}},
              {"name": "limit", "in": "query", "description": "How many; more than 200 count as 200.",
                "schema": {"type": "integer", "minimum": 1, "default": 50}}
            ],
            "responses": {
              "200": {"description": "The steps.", "content": {"application/json": {"schema": {
                "$ref": "#/components/schemas/AlertHistory"}}}},
              "400": {"$ref": "#/components/responses/BadRequest"},
              "404": {"$ref": "#/components/responses/AlertNotFound"},
              "503": {"$ref": "#/components/responses/Unavailable"},
              \#(Self.refusals)
            }
          }
        }
        """#

    private static func step(_ name: String, summary: String, body: String) -> String {
        #"""
        "/api/alerts/{id}/\#(name)": {
          "parameters": [{"$ref": "#/components/parameters/AlertID"}],
          "post": {
            "operationId": "\#(name)Alert", "tags": ["Alerts"], "summary": "\#(summary)",
            "description": "The body names the version of the alert that its sender has seen; 409 where it has another by now. Members of other names are ignored.",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {
              "$ref": "#/components/schemas/\#(body)"}}}},
            "responses": {
              "200": {"description": "The alert as it is now.", "content": {"application/json": {"schema": {
                "$ref": "#/components/schemas/Alert"}}}},
              "404": {"$ref": "#/components/responses/AlertNotFound"},
              "409": {"$ref": "#/components/responses/AlertConflict"},
              "503": {"$ref": "#/components/responses/Unavailable"},
              \#(Self.bodyRefusals)
            }
          }
        }
        """#
    }
}
