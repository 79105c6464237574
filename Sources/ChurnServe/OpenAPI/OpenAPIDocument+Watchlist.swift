extension OpenAPIDocument {
    var watchlistPaths: String {
        let segment = self.segmentColumn
        let filters = #"""
            {"$ref": "#/components/parameters/Search"}, {"$ref": "#/components/parameters/Risk"},
                  {"name": "\#(segment)", "in": "query", "explode": true,
                    "description": "Only customers of these segments; may be repeated.",
                    "schema": {"type": "array", "maxItems": 20, "items": {"$ref": "#/components/schemas/ShortText"}}}
            """#
        return #"""
            "/api/dashboard-kpis": {
              "get": {
                "operationId": "dashboardKPIs", "tags": ["Dashboard"], "summary": "How the customer base stands",
                "responses": {
                  "200": {"description": "The figures.", "content": {"application/json": {"schema": {
                    "$ref": "#/components/schemas/KPIs"}}}},
                  "503": {"$ref": "#/components/responses/Unavailable"},
                  \#(Self.refusals)
                }
              }
            },
            "/api/analytics": {
              "get": {
                "operationId": "analytics", "tags": ["Dashboard"],
                "summary": "How life-cycle stages, segments and bands go together",
                "description": "Stages by months: New up to 3, Early up to 12, Mid up to 24, Mature above. Customers without a score are in no band. Without a tenure in the domain there are no stages.",
                "responses": {
                  "200": {"description": "The figures.", "content": {"application/json": {"schema": {
                    "$ref": "#/components/schemas/Analytics"}}}},
                  "503": {"$ref": "#/components/responses/Unavailable"},
                  \#(Self.refusals)
                }
              }
            },
            "/api/watchlist": {
              "get": {
                "operationId": "watchlist", "tags": ["Customers"], "summary": "Customers by risk, page by page",
                "description": "Parameters of other names are ignored. A page beyond the end is empty.",
                "parameters": [
                  {"name": "page", "in": "query", "description": "The page; the first is 1.",
                    "schema": {"type": "integer", "minimum": 1, "default": 1}},
                  {"name": "after", "in": "query",
                    "description": "In place of page: the next_after of the page before, which had the same sort and order.",
                    "schema": {"type": "string", "maxLength": 2048, "pattern": "^[A-Za-z0-9_-]*$"}},
                  {"name": "limit", "in": "query", "description": "Customers a page; more than 500 count as 500.",
                    "schema": {"type": "integer", "minimum": 1, "default": 10}},
                  {"name": "sort", "in": "query",
                    "description": "By latest score, id, value feature or time of the latest score.",
                    "schema": {"type": "string", "enum": ["risk", "id", "value", "activity"], "default": "risk"}},
                  {"name": "order", "in": "query", "description": "Ascending by default for id, else descending.",
                    "schema": {"type": "string", "enum": ["asc", "desc"]}},
                  \#(filters)
                ],
                "responses": {
                  "200": {"description": "The page.", "content": {"application/json": {"schema": {
                    "type": "object", "required": ["users", "total_pages", "total_users", "next_after"], "properties": {
                      "users": {"type": "array", "items": {"$ref": "#/components/schemas/WatchlistCustomer"}},
                      "total_pages": {"type": "integer", "minimum": 0},
                      "total_users": {"type": "integer", "minimum": 0},
                      "next_after": {"type": ["string", "null"],
                        "description": "Where the next page begins, whoever comes or goes in front; null at the end."}}}}}},
                  "400": {"$ref": "#/components/responses/BadRequest"},
                  "503": {"$ref": "#/components/responses/Unavailable"},
                  \#(Self.refusals)
                }
              }
            },
            "/api/watchlist/export": {
              "get": {
                "operationId": "exportWatchlist", "tags": ["Customers"],
                "summary": "Every customer of a watchlist as a file",
                "description": "In the order of ids, streamed.",
                "parameters": [{"$ref": "#/components/parameters/Format"}, \#(filters)],
                "responses": {
                  "200": {"$ref": "#/components/responses/File"},
                  "400": {"$ref": "#/components/responses/BadRequest"},
                  "503": {"$ref": "#/components/responses/Unavailable"},
                  \#(Self.refusals)
                }
              }
            }
            """#
    }
}
