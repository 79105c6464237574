import ChurnInsight

extension OpenAPIDocument {
    static let modelHealthSchemas = #"""
        "ModelHealth": {
          "type": "object", "required": ["models", "drift", "thresholds", "challenger"],
          "properties": {
            "models": {"type": "array", "items": {
              "type": "object",
              "required": ["model_version", "role", "scored", "outcomes", "positives", "auc", "brier",
                "calibration_error", "lift_top_decile", "calibration", "by_day"],
              "properties": {
                "model_version": {"type": "string"}, "role": {"type": ["string", "null"]},
                "scored": {"type": "integer"}, "outcomes": {"type": "integer"}, "positives": {"type": "integer"},
                "auc": {"type": ["number", "null"]}, "brier": {"type": ["number", "null"]},
                "calibration_error": {"type": ["number", "null"]}, "lift_top_decile": {"type": ["number", "null"]},
                "calibration": {"type": "array", "items": {
                  "type": "object", "required": ["predicted", "observed", "count"], "properties": {
                    "predicted": {"type": "number"}, "observed": {"type": "number"}, "count": {"type": "integer"}}}},
                "by_day": {"type": "array", "items": {
                  "type": "object", "required": ["day", "outcomes", "auc", "brier"], "properties": {
                    "day": {"type": "string", "format": "date"}, "outcomes": {"type": "integer"},
                    "auc": {"type": ["number", "null"]}, "brier": {"type": ["number", "null"]}}}}}}},
            "drift": {
              "type": "object", "required": ["since", "rows", "features", "scores"], "properties": {
                "since": {"type": ["string", "null"]}, "rows": {"type": "integer"},
                "features": {"type": "array", "items": {
                  "type": "object", "required": ["feature", "psi", "ks", "status"], "properties": {
                    "feature": {"type": "string"}, "psi": {"type": "number"}, "ks": {"type": ["number", "null"]},
                    "status": {"enum": ["stable", "warning", "alarm", "insufficient"]}}}},
                "scores": {"type": "object", "required": ["psi", "ks", "status"], "properties": {
                  "psi": {"type": ["number", "null"]}, "ks": {"type": ["number", "null"]},
                  "status": {"enum": ["stable", "warning", "alarm", "insufficient"]}}}}},
            "thresholds": {
              "type": "object", "required": ["psi_warning", "psi_alarm", "ks_warning", "ks_alarm"], "properties": {
                "psi_warning": {"type": "number"}, "psi_alarm": {"type": "number"},
                "ks_warning": {"type": "number"}, "ks_alarm": {"type": "number"},
                "minimum_rows": {"type": "integer"}}},
            "challenger": {
              "type": ["object", "null"], "required": ["model_version", "scored", "mean_difference",
                "disagreement_share", "alerts_champion", "alerts_challenger"],
              "properties": {
                "model_version": {"type": "string"}, "scored": {"type": "integer"},
                "mean_difference": {"type": ["number", "null"]}, "disagreement_share": {"type": ["number", "null"]},
                "alert_disagreement_share": {"type": ["number", "null"]},
                "alerts_champion": {"type": "integer"}, "alerts_challenger": {"type": "integer"}}}
          }
        }
        """#
}
