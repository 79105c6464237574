extension OpenAPIDocument {
    /// The paths to which other programs send.
    static let broadcastPaths = [
        Self.frame("/api/broadcast-event", id: "broadcastEvent", required: "", answer: ""),
        Self.frame(
            "/api/update-churn-risk", id: "updateChurnRisk",
            required: #", "data_broadcasted""#,
            answer: ##", "data_broadcasted": {"$ref": "#/components/schemas/ExternalFrame"}"##),
    ].joined(separator: ",\n")

    private static func frame(_ path: String, id: String, required: String, answer: String) -> String {
        #"""
        "\#(path)": {
          "post": {
            "operationId": "\#(id)", "tags": ["Broadcasts"], "summary": "Send a frame to every WebSocket",
            "description": "The frame is marked external and has no number. Types that the feed itself uses are refused.",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {
              "$ref": "#/components/schemas/NewFrame"}}}},
            "responses": {
              "200": {"description": "It was sent.", "content": {"application/json": {"schema": {
                "type": "object", "required": ["status"\#(required)], "properties": {
                  "status": {"const": "success"}\#(answer)}}}}},
              \#(Self.bodyRefusals)
            }
          }
        }
        """#
    }

    static let broadcastSchemas = #"""
        "NewFrame": {
          "type": "object", "required": ["type", "payload"],
          "description": "Nested at most 64 deep, and without NUL in any text or name. Other members are ignored.",
          "properties": {
            "type": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[^\\u0000]*$", "not": {"enum": [
              "cursor", "gap", "skipped", "filter", "conflate", "authenticated", "pong", "error"]}},
            "payload": {"type": "object",
              "description": "Passed on as it is, without its members partition, number and previous."}
          }
        },
        "ExternalFrame": {
          "type": "object", "required": ["type", "external", "payload"],
          "properties": {
            "type": {"type": "string"}, "external": {"const": true}, "payload": {"type": "object"}
          }
        }
        """#
}
