extension OpenAPIDocument {
    static let systemPaths = #"""
        "/ws/updates": {
          "get": {
            "operationId": "updates", "tags": ["System"], "summary": "The live feed (WebSocket)",
            "description": "Opens a WebSocket (RFC 6455) of text frames. A cursor from an earlier connection resumes it without a hole.",
            "parameters": [{"name": "cursor", "in": "query", "description": "Where to go on; without it, at now.",
              "schema": {"type": "string"}}],
            "responses": {
              "101": {"description": "The WebSocket is open."},
              "426": {"$ref": "#/components/responses/Problem"},
              "default": {"$ref": "#/components/responses/Problem"}
            }
          }
        },
        "/api/audit": {
          "get": {
            "operationId": "audit", "tags": ["System"], "summary": "What people changed, newest first",
            "description": "For administrators.",
            "parameters": [
              {"name": "limit", "in": "query", "description": "The most entries.",
                "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 50}},
              {"name": "before", "in": "query", "description": "Only entries with numbers below this one.",
                "schema": {"type": "integer", "format": "int64", "minimum": 1}}
            ],
            "responses": {
              "200": {"description": "The entries.", "content": {"application/json": {"schema": {
                "type": "object", "required": ["entries"], "properties": {"entries": {"type": "array", "items": {
                  "type": "object", "required": ["entry_id", "time", "actor", "action", "subject", "detail"],
                  "properties": {
                    "entry_id": {"type": "integer", "format": "int64"},
                    "time": {"type": "string", "format": "date-time"},
                    "actor": {"type": "string"}, "action": {"type": "string"},
                    "subject": {"type": ["string", "null"]}, "detail": {"type": ["string", "null"]}
                  }}}}}}}},
              "default": {"$ref": "#/components/responses/Problem"}
            }
          }
        },
        "/health/live": {
          "get": {
            "operationId": "live", "tags": ["System"], "summary": "Whether the process runs",
            "responses": {
              "200": {"description": "It runs.", "content": {"application/json": {"schema": {
                "type": "object", "required": ["status"], "properties": {"status": {"const": "live"}}}}}},
              "default": {"$ref": "#/components/responses/Problem"}
            }
          }
        },
        "/health/ready": {
          "get": {
            "operationId": "ready", "tags": ["System"], "summary": "Whether every part is well",
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
            "operationId": "metrics", "tags": ["System"], "summary": "Metrics in Prometheus' text format",
            "responses": {
              "200": {"description": "The metrics.", "content": {"text/plain": {"schema": {"type": "string"}}}},
              "default": {"$ref": "#/components/responses/Problem"}
            }
          }
        },
        "/openapi.json": {
          "get": {
            "operationId": "openapi", "tags": ["System"], "summary": "This document",
            "responses": {
              "200": {"description": "The document.", "content": {"application/json": {"schema": {
                "type": "object", "required": ["openapi", "info", "paths"]}}}},
              "default": {"$ref": "#/components/responses/Problem"}
            }
          }
        }
        """#

    static let pagePaths = [
        ("/", "page", "The live page", "text/html"), ("/live.js", "pageScript", "Its script", "text/javascript"),
        ("/live.css", "pageStyle", "Its style", "text/css"),
        ("/docs", "docs", "This document for people", "text/html"),
        ("/docs.js", "docsScript", "Its script", "text/javascript"),
        ("/docs.css", "docsStyle", "Its style", "text/css"),
    ].map { path, id, summary, type in
        #"""
        "\#(path)": {
          "get": {
            "operationId": "\#(id)", "tags": ["System"], "summary": "\#(summary)",
            "responses": {
              "200": {"description": "The text.", "content": {"\#(type)": {"schema": {"type": "string"}}}},
              "default": {"$ref": "#/components/responses/Problem"}
            }
          }
        }
        """#
    }.joined(separator: ",\n")
}
