import ChurnInsight

extension OpenAPIDocument {
    static let historyPaths = [
        Self.history(
            "/api/events/history", id: "eventHistory", summary: "Events of all customers", cap: 1_000,
            item: "LoggedEvent"),
        Self.history(
            "/api/churn-alerts-history", id: "alertHistory", summary: "Alerts with their customers as they are now",
            note:
                " Pages of more than 500 show customers as this node knows them: what another program changed without an event comes when the node next loads all customers.",
            cap: 7_048, item: "LoggedAlert"),
        Self.export("/api/events/history/export", id: "exportEvents", summary: "All kept events as a file"),
        Self.export(
            "/api/churn-alerts-history/export", id: "exportAlerts", summary: "All kept alerts as a file"),
        Self.importances,
    ].joined(separator: ",\n")

    private static func history(_ path: String, id: String, summary: String, note: String = "", cap: Int, item: String)
        -> String
    {
        #"""
        "\#(path)": {
          "get": {
            "operationId": "\#(id)", "tags": ["History"], "summary": "\#(summary)",
            "description": "Newest first. The Link header names the page of those before. Parameters of other names are ignored.\#(note)",
            "parameters": [
              {"$ref": "#/components/parameters/Before"},
              {"name": "limit", "in": "query", "description": "How many; more than \#(cap) count as \#(cap).",
                "schema": {"type": "integer", "minimum": 1, "default": 50}}
            ],
            "responses": {
              "200": {"description": "The newest.",
                "headers": {"Link": {"description": "The next page, where there may be one.",
                  "schema": {"type": "string"}}},
                "content": {"application/json": {"schema": {
                  "type": "array", "items": {"$ref": "#/components/schemas/\#(item)"}}}}},
              "400": {"$ref": "#/components/responses/BadRequest"},
              "503": {"$ref": "#/components/responses/Unavailable"},
              \#(Self.refusals)
            }
          }
        }
        """#
    }

    private static func export(_ path: String, id: String, summary: String) -> String {
        #"""
        "\#(path)": {
          "get": {
            "operationId": "\#(id)", "tags": ["History"], "summary": "\#(summary)",
            "description": "Newest first, streamed.",
            "parameters": [{"$ref": "#/components/parameters/Format"}],
            "responses": {
              "200": {"$ref": "#/components/responses/File"},
              "400": {"$ref": "#/components/responses/BadRequest"},
              "503": {"$ref": "#/components/responses/Unavailable"},
              \#(Self.refusals)
            }
          }
        }
        """#
    }

    private static let importances = #"""
        "/api/shap-summary": {
          "get": {
            "operationId": "shapSummary", "tags": ["Dashboard"],
            "summary": "The ten features that matter most to the model",
            "description": "The mean of the absolute contributions in log-odds, largest first, of the model that serves; empty where nothing was computed of it yet (churnd explain --summary does). Parameters of other names are ignored.",
            "parameters": [
              {"name": "segment", "in": "query", "description": "Over this segment's customers only.",
                "schema": {"$ref": "#/components/schemas/ShortText"}},
              {"name": "model_version", "in": "query",
                "description": "Of this model; by default of the one that serves.",
                "schema": {"$ref": "#/components/schemas/ShortText"}}
            ],
            "responses": {
              "200": {"description": "The features.", "content": {"application/json": {"schema": {
                "type": "array", "maxItems": 10, "items": {
                  "type": "object", "required": ["feature", "importance", "model_version"], "properties": {
                    "feature": {"type": "string"}, "importance": {"type": "number", "minimum": 0},
                    "model_version": {"type": ["string", "null"],
                      "description": "The model to which they matter; null where whoever wrote them did not say."}}}}}}},
              "400": {"$ref": "#/components/responses/BadRequest"},
              "503": {"$ref": "#/components/responses/Unavailable"},
              \#(Self.refusals)
            }
          }
        }
        """#
}
