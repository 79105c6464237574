import ChurnCore
import ChurnInsight

extension OpenAPIDocument {
    /// The schemas that name columns, segments, actions or features of the domain.
    var domainSchemas: String {
        let columns = self.members { json in
            json.field(self.domain.idColumn, object: { $0.field("type", "string") })
            for feature in self.domain.schema.features {
                json.field(feature.column, object: { Self.write(feature, to: &$0) })
            }
        }
        let features = self.members { json in
            for feature in self.domain.schema.features {
                json.field(feature.column, object: { Self.writeStrictly(feature, to: &$0) })
            }
        }
        let changes = self.members { json in
            for feature in self.domain.schema.features {
                json.field(feature.column, object: { Self.write(feature, to: &$0) })
            }
        }
        let shown = self.members { json in
            for field in self.domain.updateFields {
                let feature = self.domain.schema.features[field.feature]
                json.field(field.name, object: { Self.write(feature, to: &$0) })
            }
        }
        let action = self.members { json in
            json.field("description", "The id of one of the domain's actions.")
            json.field("enum", array: self.domain.actions.map(\.id)) { $0.element($1) }
        }
        return #"""
            "Columns": {"type": "object", "required": ["\#(self.domain.idColumn)"], "properties": \#(columns)},
            "CustomerRecord": {
              "type": "object", "required": ["details", "intervention_log", "recent_events", "recommended_actions"],
              "properties": {
                "details": {
                  "allOf": [{"$ref": "#/components/schemas/Columns"}],
                  "required": ["churn_probability", "prediction_timestamp", "churn_risk", "at_risk", "version"],
                  "properties": {
                    "churn_probability": {"$ref": "#/components/schemas/Probability"},
                    "churn_risk": {"type": ["string", "null"]},
                    "prediction_timestamp": {"type": ["string", "null"], "format": "date-time",
                      "description": "The time for which the customer was scored: that of the event's record, or of a scoring without an event; the same as in the view predictions."},
                    "at_risk": {"type": "boolean"}, "version": {"type": "integer"}}},
                "intervention_log": {"type": "array", "items": {"$ref": "#/components/schemas/Intervention"}},
                "recent_events": {"type": "array", "maxItems": 15,
                  "items": {"$ref": "#/components/schemas/CustomerEvent"}},
                "recommended_actions": {"type": "array", "maxItems": 5,
                  "items": {"$ref": "#/components/schemas/ActionOutcome"}}
              }
            },
            "ActionOutcome": {
              "type": "object",
              "required": ["actions", "label", "changes", "churn_probability", "change", "value_at_risk_before",
                "value_at_risk_after", "text"],
              "properties": {
                "actions": {"type": "array", "items": {"type": "string"}}, "label": {"type": "string"},
                "changes": {"$ref": "#/components/schemas/Changes"},
                "churn_probability": {"$ref": "#/components/schemas/Probability"},
                "change": {"type": "number", "minimum": -1, "maximum": 1,
                  "description": "How much the probability would change."},
                "value_at_risk_before": {"type": ["number", "null"],
                  "description": "The probability times what the customer pays each month."},
                "value_at_risk_after": {"type": ["number", "null"]}, "text": {"type": "string"}}
            },
            "Changes": {"type": "object", "properties": \#(changes)},
            "SimulateRequest": {
              "type": "object", "additionalProperties": false, "required": ["customer_id"], "properties": {
                "customer_id": {"$ref": "#/components/schemas/CustomerID"},
                "changes": {"oneOf": [{"$ref": "#/components/schemas/Features"}, {"type": "null"}]},
                "actions": {"type": ["array", "null"], "maxItems": 10, "items": \#(action)}}
            },
            "WatchlistCustomer": {
              "allOf": [{"$ref": "#/components/schemas/Columns"}],
              "required": ["risk_score", "last_activity"],
              "properties": {
                "risk_score": {"$ref": "#/components/schemas/Probability"},
                "churn_risk": {"type": ["string", "null"]},
                "last_activity": {"type": ["string", "null"], "format": "date-time"},
                "at_risk": {"type": "boolean"}}
            },
            "LoggedAlert": {
              "allOf": [{"type": "object", "properties": \#(shown)}],
              "required": ["id", "customer_id", "churn_probability", "churn_risk"],
              "properties": {
                "id": {"type": "integer"}, "customer_id": {"type": "string"},
                "churn_probability": {"$ref": "#/components/schemas/Probability"},
                "churn_risk": {"type": ["string", "null"]}, "event_type": {"type": "string"},
                "event_timestamp": {"$ref": "#/components/schemas/Time"}, "became_at_risk": {"type": "boolean"}}
            },
            "MoneyAtRisk": {
              "type": "number",
              "description": "The sum of \#(self.valueColumn) over customers whose latest score is above the alert threshold; exact to the hundredth."
            },
            "KPIs": {
              "type": "object",
              "required": ["critical_risk_customers", "high_risk_customers", "medium_risk_customers",
                "low_risk_customers", "total_active_customers", "mrr_at_risk", "churn_trend", "churn_by_segment",
                "overall_avg_churn_probability", "yesterday"],
              "properties": {
                "critical_risk_customers": {"type": "integer"}, "high_risk_customers": {"type": "integer"},
                "medium_risk_customers": {"type": "integer"}, "low_risk_customers": {"type": "integer"},
                "total_active_customers": {"type": "integer"}, "mrr_at_risk": {"$ref": "#/components/schemas/MoneyAtRisk"},
                "churn_trend": {"type": "array", "items": {
                  "type": "object", "required": ["hour", "avg_prob"], "properties": {
                    "hour": {"$ref": "#/components/schemas/Time"},
                    "avg_prob": {"$ref": "#/components/schemas/Probability"}, "scores": {"type": "integer"}}}},
                "churn_by_segment": {"type": "array",
                  "description": "Customers whose latest score is above the alert threshold.", "items": {
                  "type": "object", "required": ["\#(self.segmentColumn)", "count"], "properties": {
                    "\#(self.segmentColumn)": {"type": "string"}, "count": {"type": "integer"}}}},
                "overall_avg_churn_probability": {"$ref": "#/components/schemas/Probability"},
                "yesterday": {
                  "type": ["object", "null"], "description": "The figures of about 24 hours ago, if they were kept.",
                  "required": ["critical_risk_customers", "high_risk_customers", "medium_risk_customers",
                    "low_risk_customers", "total_active_customers", "mrr_at_risk", "overall_avg_churn_probability",
                    "time"],
                  "properties": {
                    "critical_risk_customers": {"type": "integer"}, "high_risk_customers": {"type": "integer"},
                    "medium_risk_customers": {"type": "integer"}, "low_risk_customers": {"type": "integer"},
                    "total_active_customers": {"type": "integer"}, "mrr_at_risk": {"$ref": "#/components/schemas/MoneyAtRisk"},
                    "overall_avg_churn_probability": {"$ref": "#/components/schemas/Probability"},
                    "time": {"$ref": "#/components/schemas/Time"}}}
              }
            },
            "NewIntervention": {
              "type": "object",
              "anyOf": [
                {"required": ["action"], "properties": {"action": {"type": "string"}}},
                {"required": ["intervention_type"], "properties": {"intervention_type": {"type": "string"}}},
                {"required": ["description"], "properties": {"description": {"type": "string"}}}
              ],
              "properties": {
                "customer_id": {"type": ["string", "null"], "minLength": 1, "maxLength": 256,
                  "pattern": "^[^\\u0000]*$", "description": "If it is given, the customer of the address."},
                "action": \#(action),
                "intervention_type": {"type": ["string", "null"], "minLength": 1, "maxLength": 200,
                  "pattern": "^[^\\u0000]*$"},
                "description": {"type": ["string", "null"], "minLength": 1, "maxLength": 4000,
                  "pattern": "^[^\\u0000]*$"},
                "agent": {"type": ["string", "null"], "minLength": 1, "maxLength": 200, "pattern": "^[^\\u0000]*$",
                  "description": "The person who did it; System where none is named."},
                "timestamp": {"description": "When; now where it is not given.", "anyOf": [
                  {"type": "number", "minimum": -62135596800, "exclusiveMaximum": 253402300800},
                  {"type": "string", "format": "date-time"}, {"type": "null"}]}
              }
            },
            "CustomerID": {"type": "string", "minLength": 1, "maxLength": 256, "pattern": "^[^\\u0000]*$"},
            "Features": {"type": "object", "additionalProperties": false, "properties": \#(features)},
            "ScoreRequest": {
              "oneOf": [
                {"type": "object", "additionalProperties": false, "required": ["customer_id"],
                  "properties": {"customer_id": {"$ref": "#/components/schemas/CustomerID"}}},
                {"type": "object", "additionalProperties": false, "required": ["customer_ids"],
                  "properties": {"customer_ids": {"type": "array", "minItems": 1, "maxItems": 500,
                    "items": {"$ref": "#/components/schemas/CustomerID"}}}},
                {"type": "object", "additionalProperties": false, "required": ["features"],
                  "properties": {"features": {"oneOf": [
                    {"$ref": "#/components/schemas/Features"},
                    {"type": "array", "minItems": 1, "maxItems": 100,
                      "items": {"$ref": "#/components/schemas/Features"}}]}}}
              ]
            }
            """#
    }

    private func members(_ body: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        json.object(body)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    private static func write(_ feature: Feature, to json: inout JSONWriter) {
        json.field("type", array: [Self.type(of: feature), "null"]) { $0.element($1) }
    }

    /// As in a request: categories that the domain lists are the only ones.
    private static func writeStrictly(_ feature: Feature, to json: inout JSONWriter) {
        guard feature.type == .categorical, !feature.categories.isEmpty else {
            self.write(feature, to: &json)
            guard feature.type == .numeric else { return }
            json.field("minimum", -ScoreForm.largestNumber)
            return json.field("maximum", ScoreForm.largestNumber)
        }
        json.field("anyOf", array: [true, false]) { json, isNull in
            json.object { json in
                if isNull { return json.field("type", "null") }
                json.field("enum", array: feature.categories) { $0.element($1) }
            }
        }
    }

    private static func type(of feature: Feature) -> String {
        switch feature.type {
        case .numeric: "number"
        case .boolean: "boolean"
        case .categorical: "string"
        }
    }
}
