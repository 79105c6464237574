/// The common frame of the pages that are written here by hand: one script, one style, nothing from elsewhere.
enum PlainPage {
    /// - Parameter name: the name of the style `/NAME.css` and of the script `/NAME.js`.
    static func html(title: String, name: String, body: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(title)</title>
        <link rel="icon" href="\(Self.icon)">
        <link rel="stylesheet" href="/\(name).css">
        <script src="/\(name).js" defer></script>
        </head>
        <body>
        \(body)
        </body>
        </html>
        """
    }

    private static let icon = """
        data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle \
        cx='8' cy='8' r='6' fill='%23c2410c'/%3E%3C/svg%3E
        """
}
