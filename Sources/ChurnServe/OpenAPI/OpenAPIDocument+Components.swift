extension OpenAPIDocument {
    static let parameters = #"""
        {
          "CustomerID": {"name": "id", "in": "path", "required": true, "description": "The customer's id.",
            "schema": {"type": "string", "minLength": 1}},
          "Search": {"name": "search", "in": "query",
            "description": "Only customers whose id begins with this text, whatever its case.",
            "schema": {"$ref": "#/components/schemas/ShortText"}},
          "Risk": {"name": "risk", "in": "query", "explode": true,
            "description": "Only customers in these bands; may be repeated.",
            "schema": {"type": "array", "maxItems": 20, "items": {"$ref": "#/components/schemas/Band"}}},
          "Format": {"name": "format", "in": "query", "description": "The form of the file.",
            "schema": {"type": "string", "enum": ["csv", "ndjson"], "default": "csv"}},
          "Before": {"name": "before", "in": "query", "description": "Only those with numbers below this one.",
            "schema": {"type": "integer", "minimum": 1}}
        }
        """#

    static let responses = #"""
        {
          "Problem": {"description": "Any other failure.", "content": {"application/problem+json": {
            "schema": {"$ref": "#/components/schemas/Problem"}}}},
          "BadRequest": {"description": "A part of the request is wrong; errors names it.",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}},
          "NotFound": {"description": "There is no such customer.",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}},
          "Conflict": {"description": "Address and body name different customers.",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}},
          "UnsupportedMediaType": {"description": "The body is not declared to be JSON.",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}},
          "Unavailable": {"description": "The store cannot be reached, or there is no model. Try again later.",
            "headers": {"Retry-After": {"description": "After how many seconds.", "required": true,
              "schema": {"type": "string", "pattern": "^[0-9]+$"}}},
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}},
          "File": {"description": "The file; a connection that is cut before its end means that a part is missing.",
            "headers": {"Content-Disposition": {"description": "The file's name.", "schema": {"type": "string"}}},
            "content": {"text/csv": {"schema": {"type": "string"}},
              "application/x-ndjson": {"schema": {"type": "string"}}}}
        }
        """#
}
