import ChurnInsight

extension OpenAPIDocument {
    static let customerPaths = #"""
        "/api/customer/{id}": {
          "parameters": [{"$ref": "#/components/parameters/CustomerID"}],
          "get": {
            "operationId": "customer", "tags": ["Customers"], "summary": "One customer",
            "description": "Every column, the latest score, the 15 newest events and the interventions.",
            "responses": {
              "200": {"description": "The customer.", "content": {"application/json": {"schema": {
                "$ref": "#/components/schemas/CustomerRecord"}}}},
              "404": {"$ref": "#/components/responses/NotFound"},
              "503": {"$ref": "#/components/responses/Unavailable"},
              \#(Self.refusals)
            }
          }
        },
        "/api/customer/{id}/log-intervention": {
          "parameters": [{"$ref": "#/components/parameters/CustomerID"}],
          "post": {
            "operationId": "logIntervention", "tags": ["Customers"], "summary": "Log what was done about a customer",
            "description": "One of action, intervention_type and description must be given. An action is checked against the domain's actions. Members of other names are ignored.",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {
              "$ref": "#/components/schemas/NewIntervention"}}}},
            "responses": {
              "201": {"description": "It is logged.", "content": {"application/json": {"schema": {
                "type": "object", "required": ["status", "log"], "properties": {
                  "status": {"const": "success"}, "log": {"$ref": "#/components/schemas/Intervention"}}}}}},
              "404": {"$ref": "#/components/responses/NotFound"},
              "409": {"$ref": "#/components/responses/Conflict"},
              "503": {"$ref": "#/components/responses/Unavailable"},
              \#(Self.bodyRefusals)
            }
          }
        },
        "/api/customer/{id}/timeline": {
          "parameters": [{"$ref": "#/components/parameters/CustomerID"}],
          "get": {
            "operationId": "timeline", "tags": ["Customers"],
            "summary": "Scores, events and interventions of one customer on one axis",
            "description": "Newest first. Ask again with before=next_before for what came earlier, until it is null. A page may be shorter than the limit: it never ends within one moment.",
            "parameters": [
              {"name": "before", "in": "query", "description": "Only what happened before this time.",
                "schema": {"type": "string", "format": "date-time"}},
              {"name": "limit", "in": "query", "description": "About how many entries; more than 500 count as 500.",
                "schema": {"type": "integer", "minimum": 1, "default": 50}}
            ],
            "responses": {
              "200": {"description": "The entries.", "content": {"application/json": {"schema": {
                "type": "object", "required": ["customer_id", "entries", "next_before"], "properties": {
                  "customer_id": {"type": "string"},
                  "entries": {"type": "array", "items": {"$ref": "#/components/schemas/TimelineEntry"}},
                  "next_before": {"type": ["string", "null"], "format": "date-time"}}}}}},
              "400": {"$ref": "#/components/responses/BadRequest"},
              "404": {"$ref": "#/components/responses/NotFound"},
              "503": {"$ref": "#/components/responses/Unavailable"},
              \#(Self.refusals)
            }
          }
        }
        """#
}
