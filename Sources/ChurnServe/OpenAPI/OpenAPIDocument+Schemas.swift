import ChurnCore
import ChurnInsight

extension OpenAPIDocument {
    static let schemas = #"""
        "Problem": {
          "type": "object", "required": ["type", "title", "status", "code", "detail", "request_id"],
          "properties": {
            "type": {"const": "about:blank"}, "title": {"type": "string"},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "code": {"type": "string", "description": "A name that programs can rely on."},
            "detail": {"type": "string"}, "request_id": {"type": "string"},
            "errors": {"type": "array", "items": {
              "type": "object", "required": ["in", "name", "detail"], "properties": {
                "in": {"enum": ["query", "body"]},
                "name": {"type": "string", "description": "The parameter, or a JSON Pointer into the body."},
                "detail": {"type": "string"}}}}
          }
        },
        "ShortText": {"type": "string", "maxLength": 256, "pattern": "^[^\\u0000]*$"},
        "Band": {"type": "string", "enum": ["Critical", "High", "Medium", "Low"]},
        "Probability": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
        "Time": {"type": "string", "format": "date-time"},
        "Intervention": {
          "type": "object",
          "required": ["log_id", "customer_id", "action_taken", "log_timestamp", "agent_id"],
          "properties": {
            "log_id": {"type": "integer"}, "customer_id": {"type": "string"}, "action_taken": {"type": "string"},
            "log_timestamp": {"$ref": "#/components/schemas/Time"}, "agent_id": {"type": "string"},
            "intervention_type": {"type": ["string", "null"]}, "description": {"type": ["string", "null"]}
          }
        },
        "CustomerEvent": {
          "type": "object", "required": ["event_id", "user_id", "event_type", "event_timestamp", "event_data"],
          "properties": {
            "event_id": {"type": "integer"}, "user_id": {"type": "string"}, "event_type": {"type": "string"},
            "event_timestamp": {"$ref": "#/components/schemas/Time"},
            "event_data": {"type": "object", "description": "The event as it came."},
            "churn_probability": {"$ref": "#/components/schemas/Probability"}
          }
        },
        "LoggedEvent": {
          "allOf": [{"$ref": "#/components/schemas/CustomerEvent"}], "required": ["is_alert", "became_at_risk"],
          "properties": {"is_alert": {"type": "boolean"}, "became_at_risk": {"type": "boolean"}}
        },
        "TimelineEntry": {
          "type": "object", "required": ["time", "kind"],
          "properties": {
            "time": {"$ref": "#/components/schemas/Time"}, "kind": {"enum": ["event", "score", "intervention"]},
            "event_id": {"type": "integer"}, "event_type": {"type": "string"}, "event_data": {"type": "object"},
            "churn_probability": {"$ref": "#/components/schemas/Probability"}, "log_id": {"type": "integer"},
            "action_taken": {"type": "string"}, "agent_id": {"type": "string"},
            "score_change": {"$ref": "#/components/schemas/ScoreChange"}
          }
        },
        "Score": {
          "type": "object", "required": ["customer_id", "churn_probability", "churn_risk", "model_version", "error"],
          "properties": {
            "customer_id": {"type": ["string", "null"]},
            "churn_probability": {"$ref": "#/components/schemas/Probability"},
            "churn_risk": {"enum": ["Critical", "High", "Medium", "Low", null]},
            "model_version": {"type": ["string", "null"], "description": "The model that scored: of a canary's customer the challenger."},
            "error": {"enum": ["customer_not_found", null]}
          }
        },
        "Model": {
          "type": "object", "required": ["version", "status", "role", "registered_at", "registered_by", "domain", "library", "training",
            "metrics"],
          "properties": {
            "version": {"type": "string"}, "status": {"enum": ["serving", "registered"]},
            "role": {"enum": ["champion", "challenger", "archived"]}, "canary_share": {"type": "number"},
            "registered_at": {"type": ["string", "null"]}, "registered_by": {"type": ["string", "null"]},
            "changed_at": {"type": ["string", "null"]}, "domain": {"type": "string"},
            "library": {"type": "string"},
            "training": {"type": "object", "required": ["rows", "positives", "trees"], "properties": {
              "rows": {"type": "integer"}, "positives": {"type": "integer"}, "trees": {"type": "integer"}}},
            "metrics": {"type": "object", "additionalProperties": {"type": "number"}}
          }
        },
        "Domain": {
          "type": "object",
          "required": ["name", "id_column", "segment_column", "value_column", "tenure_column", "columns", "bands",
            "alert_threshold", "actions", "event_types", "update_fields"],
          "properties": {
            "name": {"type": "string"}, "id_column": {"type": "string"}, "segment_column": {"type": "string"},
            "value_column": {"type": "string"},
            "tenure_column": {"type": ["string", "null"], "description": "For how many months."}, "alert_threshold": {"type": "number"},
            "columns": {"type": "array", "items": {
              "type": "object", "required": ["column", "label", "type", "categories"], "properties": {
                "column": {"type": "string"}, "name": {"type": "string"}, "label": {"type": "string"},
                "type": {"enum": ["numeric", "categorical", "boolean"]},
                "categories": {"type": "array", "items": {"type": "string"}}}}},
            "bands": {"type": "array", "items": {
              "type": "object", "required": ["band", "from", "includes_from"], "properties": {
                "band": {"$ref": "#/components/schemas/Band"}, "from": {"type": "number"},
                "includes_from": {"type": "boolean"}}}},
            "actions": {"type": "array", "items": {
              "type": "object", "required": ["id", "title"], "properties": {
                "id": {"type": "string"}, "title": {"type": "string"}}}},
            "event_types": {"type": "array", "items": {"type": "string"}},
            "update_fields": {"type": "array", "items": {
              "type": "object", "required": ["name", "column"], "properties": {
                "name": {"type": "string"}, "column": {"type": "string"}}}}
          }
        },
        "Readiness": {
          "type": "object", "required": ["status", "components"],
          "properties": {
            "status": {"enum": ["ready", "not ready"]},
            "components": {"type": "object", "additionalProperties": {
              "type": "object", "required": ["status"], "properties": {
                "status": {"enum": ["healthy", "starting", "failing"]},
                "reason": {"type": "string"}, "advice": {"type": "string"}}}}
          }
        }
        """#
}
