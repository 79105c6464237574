import ChurnCore
import ChurnInsight

extension OpenAPIDocument {
    static let scorePaths = #"""
        "/api/score": {
          "post": {
            "operationId": "score", "tags": ["Scoring"], "summary": "Score customers, or features",
            "description": "Nothing is stored. A single unknown customer is 404; one of several has an error in its line. A feature that is not given is missing.",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {
              "$ref": "#/components/schemas/ScoreRequest"}}}},
            "responses": {
              "200": {"description": "A line for each customer, in the order of the request.",
                "content": {"application/json": {"schema": {
                  "type": "object", "required": ["model_version", "scores"], "properties": {
                    "model_version": {"type": "string", "description": "The champion; each line names its own model."},
                    "scores": {"type": "array", "items": {"$ref": "#/components/schemas/Score"}}}}}}},
              "404": {"$ref": "#/components/responses/NotFound"},
              "503": {"$ref": "#/components/responses/Unavailable"},
              \#(Self.bodyRefusals)
            }
          }
        },
        "/api/simulate": {
          "post": {
            "operationId": "simulate", "tags": ["Scoring"], "summary": "What staff could do about a customer",
            "description": "The domain's actions that are possible for the customer now, alone and in pairs, each with the exact score that the customer would have; the lowest first. With actions or changes, the outcome of these too: actions in their order, then changes. Nothing is stored.",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {
              "$ref": "#/components/schemas/SimulateRequest"}}}},
            "responses": {
              "200": {"description": "The outcomes.", "content": {"application/json": {"schema": {
                "type": "object", "required": ["customer_id", "churn_probability", "model_version", "value", "actions"],
                "properties": {
                  "customer_id": {"type": "string"},
                  "churn_probability": {"$ref": "#/components/schemas/Probability"},
                  "model_version": {"type": "string"}, "value": {"type": ["number", "null"]},
                  "scenario": {"$ref": "#/components/schemas/ActionOutcome"},
                  "actions": {"type": "array", "items": {"$ref": "#/components/schemas/ActionOutcome"}}}}}}},
              "404": {"$ref": "#/components/responses/NotFound"},
              "409": {"$ref": "#/components/responses/Conflict"},
              "503": {"$ref": "#/components/responses/Unavailable"},
              \#(Self.bodyRefusals)
            }
          }
        },
        "/api/models": {
          "get": {
            "operationId": "models", "tags": ["Scoring"], "summary": "The models that score, and those that are registered",
            "description": "What works in this process comes first. Empty where there is no model.",
            "responses": {
              "200": {"description": "The models.", "content": {"application/json": {"schema": {
                "type": "object", "required": ["models"], "properties": {
                  "models": {"type": "array", "items": {"$ref": "#/components/schemas/Model"}}}}}}},
              \#(Self.refusals)
            }
          }
        },
        "/api/model-health": {
          "get": {
            "operationId": "modelHealth", "tags": ["Scoring"], "summary": "How models do",
            "description": "By outcomes that came later, and by how far live customers are from those of training. Up to a minute old.",
            "responses": {
              "200": {"description": "The figures.", "content": {"application/json": {"schema": {
                "$ref": "#/components/schemas/ModelHealth"}}}},
              "503": {"$ref": "#/components/responses/Unavailable"},
              \#(Self.refusals)
            }
          }
        },
        "/api/domain": {
          "get": {
            "operationId": "domain", "tags": ["Scoring"],
            "summary": "Columns, bands, actions and event types of this customer base",
            "responses": {
              "200": {"description": "The domain.", "content": {"application/json": {"schema": {
                "$ref": "#/components/schemas/Domain"}}}},
              \#(Self.refusals)
            }
          }
        }
        """#
}
