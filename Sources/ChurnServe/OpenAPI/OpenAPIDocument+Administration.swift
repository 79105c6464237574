import ChurnInsight

extension OpenAPIDocument {
    /// The paths of administrators only.
    static let administrationPaths = #"""
        "/api/audit": {
          "get": {
            "operationId": "audit", "tags": ["Administration"], "summary": "What people changed, newest first",
            "description": "For administrators. Parameters of other names are refused.",
            "parameters": [
              {"$ref": "#/components/parameters/Before"},
              {"name": "limit", "in": "query", "description": "How many.",
                "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 50}}
            ],
            "responses": {
              "200": {"description": "The entries.", "content": {"application/json": {"schema": {
                "type": "object", "required": ["entries"], "properties": {
                  "entries": {"type": "array", "maxItems": 1000,
                    "items": {"$ref": "#/components/schemas/AuditEntry"}}}}}}},
              "400": {"$ref": "#/components/responses/BadRequest"},
              "503": {"$ref": "#/components/responses/Unavailable"},
              \#(Self.refusals)
            }
          }
        },
        "/api/webhooks/deliveries": {
          "get": {
            "operationId": "webhookDeliveries", "tags": ["Administration"],
            "summary": "Webhook deliveries, newest first",
            "description": "For administrators. Ask again with before=next_before for earlier ones, until it is null. Parameters of other names are refused.",
            "parameters": [
              {"name": "webhook", "in": "query", "description": "Only deliveries of this webhook.",
                "schema": {"$ref": "#/components/schemas/ShortText"}},
              {"name": "status", "in": "query", "description": "Only deliveries of this status.",
                "schema": {"type": "string", "enum": ["pending", "delivered", "failed"]}},
              {"$ref": "#/components/parameters/Before"},
              {"name": "limit", "in": "query", "description": "How many; more than 1000 count as 1000.",
                "schema": {"type": "integer", "minimum": 1, "default": 50}}
            ],
            "responses": {
              "200": {"description": "The deliveries.", "content": {"application/json": {"schema": {
                "type": "object", "required": ["deliveries", "next_before"], "properties": {
                  "deliveries": {"type": "array", "maxItems": 1000,
                    "items": {"$ref": "#/components/schemas/Delivery"}},
                  "next_before": {"type": ["integer", "null"], "format": "int64"}}}}}},
              "400": {"$ref": "#/components/responses/BadRequest"},
              "503": {"$ref": "#/components/responses/Unavailable"},
              \#(Self.refusals)
            }
          }
        }
        """#

    static let administrationSchemas = #"""
        "AuditEntry": {
          "type": "object", "required": ["entry_id", "time", "actor", "action", "subject", "detail"],
          "properties": {
            "entry_id": {"type": "integer", "format": "int64"}, "time": {"$ref": "#/components/schemas/Time"},
            "actor": {"type": "string"}, "action": {"type": "string"},
            "subject": {"type": ["string", "null"]}, "detail": {"type": ["string", "null"]}
          }
        },
        "Delivery": {
          "type": "object",
          "required": ["delivery_id", "webhook", "alert_id", "delivery_key", "status", "attempts", "http_status",
            "error", "created_at", "attempted_at", "finished_at"],
          "properties": {
            "delivery_id": {"type": "integer", "format": "int64"}, "webhook": {"type": "string"},
            "alert_id": {"type": "integer", "format": "int64"},
            "delivery_key": {"type": "string", "description": "The same on every attempt, and no other delivery's."},
            "status": {"enum": ["pending", "delivered", "failed"]}, "attempts": {"type": "integer", "minimum": 0},
            "http_status": {"type": ["integer", "null"]}, "error": {"type": ["string", "null"]},
            "created_at": {"$ref": "#/components/schemas/Time"},
            "attempted_at": {"type": ["string", "null"], "format": "date-time"},
            "finished_at": {"type": ["string", "null"], "format": "date-time"}
          }
        }
        """#
}
