import ChurnCore

/// The list of keys as a table in Markdown, for Docs/configuration.md.
enum ConfigurationTable {
    /// A row for each key.
    static var markdown: String {
        let rows = ConfigurationKey.all.map { key in
            let defaultValue = key.defaultValue.map { "`\($0)`" } ?? ""
            let secret = key.isSecret ? " Secret: never printed." : ""
            return
                "| `\(key.name)` | `\(key.flag)` | `\(key.environmentName)` | \(key.kind.expected) | \(defaultValue) "
                + "| \(key.help)\(secret) |"
        }
        return (["| Key | Flag | Environment | Value | Default | For |", "|---|---|---|---|---|---|"] + rows)
            .joined(separator: "\n")
    }
}
