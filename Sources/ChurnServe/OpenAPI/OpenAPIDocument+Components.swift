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
          "AlertID": {"name": "id", "in": "path", "required": true, "description": "The alert's number.",
            "schema": {"type": "integer", "format": "int64", "minimum": 0}},
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
          "Conflict": {"description": "Address and body name different customers, or an action is not possible for the customer.",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}},
          "UnsupportedMediaType": {"description": "The body is not declared to be JSON.",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}},
          "Unavailable": {"description": "The store cannot be reached, or there is no model. Try again later.",
            "headers": {"Retry-After": {"description": "After how many seconds.", "required": true,
              "schema": {"type": "string", "pattern": "^[0-9]+$"}}},
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}},
          "Unauthorized": {"description": "No credential came, or none that is valid.",
            "headers": {"WWW-Authenticate": {"description": "How to sign in.", "required": true,
              "schema": {"type": "string"}}},
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}},
          "Forbidden": {"description": "The credential does not allow this, or a page of another origin asks.",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}},
          "TooLarge": {"description": "The body is too large.",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}},
          "TooMany": {"description": "Too many requests in a short time, or too many connections.",
            "headers": {"Retry-After": {"description": "After how many seconds.", "required": true,
              "schema": {"type": "string", "pattern": "^[0-9]+$"}}},
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}},
          "AlertNotFound": {"description": "There is no such alert.",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}},
          "AlertConflict": {"description": "The alert was changed since, or its status does not allow this step.",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}},
          "File": {"description": "The file; a connection that is cut before its end means that a part is missing.",
            "headers": {"Content-Disposition": {"description": "The file's name.", "schema": {"type": "string"}}},
            "content": {"text/csv": {"schema": {"type": "string"}},
              "application/x-ndjson": {"schema": {"type": "string"}}}}
        }
        """#

    /// The answers that any operation that needs a credential may give beside its own.
    static let refusals = #"""
        "401": {"$ref": "#/components/responses/Unauthorized"},
                      "403": {"$ref": "#/components/responses/Forbidden"},
                      "429": {"$ref": "#/components/responses/TooMany"},
                      "default": {"$ref": "#/components/responses/Problem"}
        """#

    /// The same of an operation that takes a body.
    static let bodyRefusals = #"""
        "400": {"$ref": "#/components/responses/BadRequest"},
                      "413": {"$ref": "#/components/responses/TooLarge"},
                      "415": {"$ref": "#/components/responses/UnsupportedMediaType"},
                      \#(Self.refusals)
        """#
}
