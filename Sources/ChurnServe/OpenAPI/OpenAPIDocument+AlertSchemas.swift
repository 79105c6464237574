import ChurnInsight

extension OpenAPIDocument {
    static let alertSchemas = #"""
        "AlertStatus": {"type": "string", "enum": ["open", "acknowledged", "assigned", "snoozed", "resolved"]},
        "Alert": {
          "type": "object",
          "required": ["alert_id", "customer_id", "event_type", "event_timestamp", "raised_at", "churn_probability",
            "churn_risk", "status", "assignee", "snoozed_until", "outcome", "changed_by", "changed_at", "version"],
          "properties": {
            "alert_id": {"type": "integer", "format": "int64"}, "customer_id": {"type": "string"},
            "event_type": {"type": "string"}, "event_timestamp": {"$ref": "#/components/schemas/Time"},
            "raised_at": {"$ref": "#/components/schemas/Time"},
            "churn_probability": {"type": "number", "minimum": 0, "maximum": 1},
            "churn_risk": {"$ref": "#/components/schemas/Band"}, "status": {"$ref": "#/components/schemas/AlertStatus"},
            "assignee": {"type": ["string", "null"]}, "snoozed_until": {"type": ["string", "null"], "format": "date-time"},
            "outcome": {"type": ["string", "null"]}, "changed_by": {"type": ["string", "null"]},
            "changed_at": {"type": ["string", "null"], "format": "date-time"},
            "version": {"type": "integer", "format": "int64", "minimum": 0}
          }
        },
        "AlertPage": {
          "type": "object", "required": ["alerts", "next_before", "counts", "open_count_is_capped"],
          "properties": {
            "alerts": {"type": "array", "maxItems": 200, "items": {"$ref": "#/components/schemas/Alert"}},
            "next_before": {"type": ["integer", "null"], "format": "int64"},
            "counts": {"type": "object", "required": ["open", "acknowledged", "assigned", "snoozed", "resolved"],
              "additionalProperties": {"type": "integer", "minimum": 0}},
            "open_count_is_capped": {"type": "boolean",
              "description": "Whether there may be more open ones than counts says: they are counted to 1000."}
          }
        },
        "AlertChange": {
          "type": "object",
          "required": ["version", "changed_at", "changed_by", "from_status", "to_status", "assignee", "snoozed_until",
            "outcome"],
          "properties": {
            "version": {"type": "integer", "format": "int64", "minimum": 1},
            "changed_at": {"$ref": "#/components/schemas/Time"}, "changed_by": {"type": "string"},
            "from_status": {"$ref": "#/components/schemas/AlertStatus"},
            "to_status": {"$ref": "#/components/schemas/AlertStatus"}, "assignee": {"type": ["string", "null"]},
            "snoozed_until": {"type": ["string", "null"], "format": "date-time"},
            "outcome": {"type": ["string", "null"]}
          }
        },
        "AlertHistory": {
          "type": "object", "required": ["alert_id", "items", "next_before"],
          "properties": {
            "alert_id": {"type": "integer", "format": "int64"},
            "items": {"type": "array", "maxItems": 200, "items": {"$ref": "#/components/schemas/AlertChange"}},
            "next_before": {"type": ["integer", "null"], "format": "int64"}
          }
        },
        "AlertVersion": {"type": "integer", "minimum": 0, "maximum": 9007199254740991,
          "description": "The version of the alert as its sender has seen it."},
        "AlertAgent": {"type": ["string", "null"], "minLength": 1, "maxLength": 200,
          "pattern": "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$",
          "description": "The person who does it, where no sign-in is required; System where none is named."},
        \#(Self.alertForm("NewAcknowledgement")),
        \#(Self.alertForm("NewReopening")),
        \#(Self.alertForm("NewAssignment", "assignee", Self.text(limit: 200))),
        \#(Self.alertForm("NewResolution", "outcome", Self.text(limit: 2_000))),
        \#(Self.alertForm("NewSnooze", "until", Self.timeToCome))
        """#

    /// The body of a step: the version and who acts, and what the step itself needs.
    private static func alertForm(_ name: String, _ member: String? = nil, _ schema: String = "") -> String {
        let required = member.map { #", "\#($0)""# } ?? ""
        let property = member.map { #", "\#($0)": \#(schema)"# } ?? ""
        return #"""
            "\#(name)": {
                      "type": "object", "required": ["version"\#(required)],
                      "properties": {
                        "version": {"$ref": "#/components/schemas/AlertVersion"},
                        "agent": {"$ref": "#/components/schemas/AlertAgent"}\#(property)
                      }
                    }
            """#
    }

    private static func text(limit length: Int) -> String {
        #"{"type": "string", "minLength": 1, "maxLength": \#(length), "pattern": "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$"}"#
    }

    private static let timeToCome = #"""
        {"description": "A time to come, within 366 days: ISO 8601 text, or seconds since the epoch.",
                  "anyOf": [{"type": "number"}, {"type": "string", "format": "date-time"}]}
        """#
}
