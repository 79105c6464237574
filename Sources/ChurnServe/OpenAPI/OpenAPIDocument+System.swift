extension OpenAPIDocument {
    static let systemPaths = #"""
        "/ws/updates": {
          "get": {
            "operationId": "updates", "security": [], "tags": ["System"], "summary": "The live feed (WebSocket)",
            "description": "Opens a WebSocket (RFC 6455) of text frames. A cursor from an earlier connection resumes it without a hole. Where a credential is needed, the handshake has it in its Authorization header, or the first message brings it. Values of one filter are alternatives; filters of several names apply together.",
            "parameters": [
              {"name": "cursor", "in": "query", "description": "Where to go on; without it, at now.",
                "schema": {"type": "string"}},
              {"name": "conflate", "in": "query", "description": "Only the newest of what waits for one customer.",
                "schema": {"const": "customer"}},
              \#(Self.feedFilters)
            ],
            "responses": {
              "101": {"description": "The WebSocket is open."},
              "400": {"$ref": "#/components/responses/BadRequest"},
              "426": {"$ref": "#/components/responses/Problem"},
              "503": {"$ref": "#/components/responses/Unavailable"},
              \#(Self.refusals)
            }
          }
        },
        "/health/live": {
          "get": {
            "operationId": "live", "security": [], "tags": ["System"], "summary": "Whether the process runs",
            "responses": {
              "200": {"description": "It runs.", "content": {"application/json": {"schema": {
                "type": "object", "required": ["status"], "properties": {"status": {"const": "live"}}}}}},
              "default": {"$ref": "#/components/responses/Problem"}
            }
          }
        },
        "/health/ready": {
          "get": {
            "operationId": "ready", "security": [], "tags": ["System"], "summary": "Whether every part is well",
            "responses": {
              "200": {"description": "Every part is well.", "content": {"application/json": {"schema": {
                "$ref": "#/components/schemas/Readiness"}}}},
              "503": {"description": "A part is not well, with what to do.", "content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/Readiness"}}}},
              "default": {"$ref": "#/components/responses/Problem"}
            }
          }
        },
        "/metrics": {
          "get": {
            "operationId": "metrics", "security": [], "tags": ["System"], "summary": "Metrics in Prometheus' text format",
            "responses": {
              "200": {"description": "The metrics.", "content": {"text/plain": {"schema": {"type": "string"}}}},
              "default": {"$ref": "#/components/responses/Problem"}
            }
          }
        },
        "/openapi.json": {
          "get": {
            "operationId": "openapi", "security": [], "tags": ["System"], "summary": "This document",
            "responses": {
              "200": {"description": "The document.", "content": {"application/json": {"schema": {
                "type": "object", "required": ["openapi", "info", "paths"]}}}},
              "default": {"$ref": "#/components/responses/Problem"}
            }
          }
        }
        """#

    private static let feedFilters = ["band", "segment", "customer", "type", "event_type"].map { name in
        #"""
        {"name": "\#(name)", "in": "query", "explode": true, "description": "Only updates of these; may be repeated.",
                "schema": {"type": "array", "items": {"$ref": "#/components/schemas/ShortText"}}}
        """#
    }.joined(separator: ",\n              ")
}
