extension OpenAPIDocument {
    /// What other programs send, and what only administrators see.
    static let operationPaths = [
        Self.frame("/api/broadcast-event", id: "broadcastEvent", answer: ""),
        Self.frame(
            "/api/update-churn-risk", id: "updateChurnRisk",
            answer: #", "data_broadcasted": {"type": "object"}"#),
        Self.audit,
    ].joined(separator: ",\n")

    private static func frame(_ path: String, id: String, answer: String) -> String {
        #"""
        "\#(path)": {
          "post": {
            "operationId": "\#(id)", "tags": ["System"], "summary": "Send a frame to every WebSocket",
            "description": "The frame is marked external and has no number. Types that the feed itself uses are refused, and NUL in any text.",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {
              "type": "object", "required": ["type", "payload"], "properties": {
                "type": {"type": "string", "minLength": 1, "maxLength": 64}, "payload": {"type": "object"}}}}}},
            "responses": {
              "200": {"description": "It was sent.", "content": {"application/json": {"schema": {
                "type": "object", "required": ["status"], "properties": {
                  "status": {"const": "success"}\#(answer)}}}}},
              "400": {"$ref": "#/components/responses/BadRequest"},
              "415": {"$ref": "#/components/responses/UnsupportedMediaType"},
              "default": {"$ref": "#/components/responses/Problem"}
            }
          }
        }
        """#
    }

    private static let audit = #"""
        "/api/audit": {
          "get": {
            "operationId": "audit", "tags": ["System"], "summary": "What people changed, newest first",
            "parameters": [
              {"name": "before", "in": "query", "description": "Only those with numbers below this one.",
                "schema": {"type": "integer", "minimum": 1, "maximum": 9223372036854775807}},
              {"name": "limit", "in": "query", "description": "How many.",
                "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 50}}
            ],
            "responses": {
              "200": {"description": "The entries.", "content": {"application/json": {"schema": {
                "type": "object", "required": ["entries"], "properties": {"entries": {"type": "array", "items": {
                  "type": "object", "required": ["entry_id", "time", "actor", "action"]}}}}}}},
              "400": {"$ref": "#/components/responses/BadRequest"},
              "503": {"$ref": "#/components/responses/Unavailable"},
              "default": {"$ref": "#/components/responses/Problem"}
            }
          }
        }
        """#
}
