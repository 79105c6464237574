import ChurnCore

extension OpenAPIDocument {
    static let explanationPaths = #"""
        "/api/customer/{id}/explanation": {
          "parameters": [{"$ref": "#/components/parameters/CustomerID"}],
          "get": {
            "operationId": "explanation", "tags": ["Customers"], "summary": "Why a customer has its score",
            "description": "SHAP values of the model that serves, in log-odds: base_margin and all contributions add up to margin, the score before any calibration. The strongest feature first; features that add nothing are left out.",
            "responses": {
              "200": {"description": "The explanation.", "content": {"application/json": {"schema": {
                "type": "object",
                "required": ["customer_id", "churn_probability", "model_version", "base_margin", "margin", "reasons", "text"],
                "properties": {
                  "customer_id": {"type": "string"},
                  "churn_probability": {"type": "number", "minimum": 0, "maximum": 1},
                  "churn_risk": {"type": "string"},
                  "model_version": {"type": "string"},
                  "base_margin": {"type": "number"},
                  "margin": {"type": "number"},
                  "reasons": {"type": "array", "items": {
                    "type": "object", "required": ["feature", "value", "contribution", "text"], "properties": {
                      "feature": {"type": "string"}, "value": {"type": ["string", "number", "boolean", "null"]},
                      "contribution": {"type": "number"}, "text": {"type": "string"}}}},
                  "text": {"type": "string"}}}}}},
              "404": {"$ref": "#/components/responses/NotFound"},
              "503": {"$ref": "#/components/responses/Unavailable"},
              \#(Self.refusals)
            }
          }
        },
        "/api/customer/{id}/changes": {
          "parameters": [{"$ref": "#/components/parameters/CustomerID"}],
          "get": {
            "operationId": "scoreChanges", "tags": ["Customers"], "summary": "Why a customer's score changed",
            "description": "Events that moved the score, newest first. The contributions of a change add up to to_margin less from_margin; where another model made the score before, there are none and the margins are null.",
            "parameters": [
              {"name": "limit", "in": "query", "description": "How many; more than 200 count as 200.",
                "schema": {"type": "integer", "minimum": 1, "default": 20}}
            ],
            "responses": {
              "200": {"description": "The changes.", "content": {"application/json": {"schema": {
                "type": "object", "required": ["customer_id", "items"], "properties": {
                  "customer_id": {"type": "string"},
                  "items": {"type": "array", "items": {"allOf": [
                    {"$ref": "#/components/schemas/ScoreChange"},
                    {"type": "object", "required": ["event_id", "event_type", "event_timestamp"], "properties": {
                      "event_id": {"type": "integer"}, "event_type": {"type": "string"},
                      "event_timestamp": {"type": "string", "format": "date-time"}}}]}}}}}}},
              "400": {"$ref": "#/components/responses/BadRequest"},
              "404": {"$ref": "#/components/responses/NotFound"},
              "503": {"$ref": "#/components/responses/Unavailable"},
              \#(Self.refusals)
            }
          }
        }
        """#

    static let scoreChangeSchema = #"""
        "ScoreChange": {
          "type": "object",
          "required": ["from_probability", "to_probability", "from_margin", "to_margin", "reasons", "text"],
          "properties": {
            "from_probability": {"type": "number"}, "to_probability": {"type": "number"},
            "from_margin": {"type": ["number", "null"]}, "to_margin": {"type": ["number", "null"]},
            "reasons": {"type": "array", "items": {
              "type": "object", "required": ["feature", "from", "to", "changed", "contribution", "text"],
              "properties": {
                "feature": {"type": "string"},
                "from": {"type": ["string", "number", "boolean", "null"]},
                "to": {"type": ["string", "number", "boolean", "null"]},
                "changed": {"type": "boolean"},
                "contribution": {"type": "number"}, "text": {"type": "string"}}}},
            "text": {"type": "string"}}
        }
        """#
}
