extension OpenAPIDocument {
    static let analyticsSchemas = #"""
        "Stage": {"type": "string", "enum": ["New", "Early", "Mid", "Mature"]},
        "Analytics": {
          "type": "object", "required": ["life_cycle", "risk_profile", "flow"],
          "properties": {
            "life_cycle": {"type": "array", "maxItems": 4, "items": {
              "type": "object", "required": ["stage", "critical", "high", "medium", "low"], "properties": {
                "stage": {"$ref": "#/components/schemas/Stage"}, "critical": {"type": "integer"},
                "high": {"type": "integer"}, "medium": {"type": "integer"}, "low": {"type": "integer"}}}},
            "risk_profile": {"type": "array", "minItems": 4, "maxItems": 4, "items": {
              "type": "object",
              "required": ["band", "customers", "mean_tenure", "mean_value", "dominant_segment"], "properties": {
                "band": {"$ref": "#/components/schemas/Band"}, "customers": {"type": "integer"},
                "mean_tenure": {"type": ["number", "null"]}, "mean_value": {"type": ["number", "null"]},
                "dominant_segment": {"type": ["string", "null"]}}}},
            "flow": {"type": "array", "items": {
              "type": "object", "required": ["stage", "segment", "band", "customers"], "properties": {
                "stage": {"$ref": "#/components/schemas/Stage"}, "segment": {"type": "string"},
                "band": {"$ref": "#/components/schemas/Band"}, "customers": {"type": "integer", "minimum": 1}}}}
          }
        }
        """#
}
