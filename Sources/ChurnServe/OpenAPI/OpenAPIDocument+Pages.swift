extension OpenAPIDocument {
    /// The addresses of pages, and what they load.
    static let pagePaths = [
        ("/", "page", "The dashboard", "text/html"),
        ("/watchlist", "watchlistPage", "The dashboard at its watchlist", "text/html"),
        ("/customer/{id}", "customerPage", "The dashboard at one customer", "text/html"),
        ("/analytics", "analyticsPage", "The dashboard at its analytics", "text/html"),
        ("/live", "livePage", "The dashboard at its live feed", "text/html"),
        ("/alerts", "alertsPage", "The dashboard at its alerts", "text/html"),
        ("/assets/{name}", "asset", "What the dashboard loads", "*/*"),
        ("/live.js", "pageScript", "The script of the page without a dashboard", "text/javascript"),
        ("/live.css", "pageStyle", "Its style", "text/css"),
        ("/docs", "docs", "This document for people", "text/html"),
        ("/docs.js", "docsScript", "Its script", "text/javascript"),
        ("/docs.css", "docsStyle", "Its style", "text/css"),
    ].map { path, id, summary, type in
        #"""
        "\#(path)": {
          "get": {
            "operationId": "\#(id)", "security": [], "tags": ["System"], "summary": "\#(summary)",\#(Self.parameter(of: path))
            "responses": {
              "200": {"description": "The text.", "content": {"\#(type)": {"schema": {"type": "string"}}}},
              "default": {"$ref": "#/components/responses/Problem"}
            }
          }
        }
        """#
    }.joined(separator: ",\n")

    /// The parameter that a path has in braces, if it has one.
    private static func parameter(of path: String) -> String {
        guard let name = path.split(separator: "{").dropFirst().first?.dropLast() else { return "" }
        return #"""
            "parameters": [{"name": "\#(name)", "in": "path", "required": true,
              "schema": {"$ref": "#/components/schemas/ShortText"}}],
            """#
    }
}
