/// The list of keys as text.
enum ConfigurationTable {
    /// A row in Markdown for each key, for Docs/configuration.md.
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

    /// Every key's flag with its meaning, section by section, for `--help`.
    static let help: String = ConfigurationKey.Section.allCases.map { section in
        let entries = section.keys.map { key in
            let defaultValue = key.defaultValue.map { " (default: \($0))" } ?? ""
            let advice = key.isSecret ? " Prefer \(key.environmentName): others can see flags." : ""
            let meaning = Self.lines(of: key.help + defaultValue + advice, indent: "          ")
            return (["  \(key.flags.joined(separator: ", ")) <value>"] + meaning).joined(separator: "\n")
        }
        return (["\(section.rawValue.uppercased()):"] + entries).joined(separator: "\n")
    }.joined(separator: "\n\n")

    /// A configuration file in YAML with every key: set to its default, or commented out where it has none.
    static var sample: String {
        ConfigurationKey.Section.allCases.map { section in
            let entries = section.keys.filter { $0 != .file }.map { key in
                let remark = Self.lines(of: "\(key.help) Value: \(key.kind.expected).", indent: "# ")
                let quote = key.kind == .text ? "\"" : ""
                let line = key.defaultValue.map { "\(key.name): \(quote)\($0)\(quote)" } ?? "# \(key.name):"
                return (remark + [line]).joined(separator: "\n")
            }
            return (["# \(section.rawValue)"] + entries).joined(separator: "\n\n")
        }.joined(separator: "\n\n")
    }

    /// Breaks a text into lines that fit a terminal of 80 columns.
    private static func lines(of text: String, indent: String) -> [String] {
        text.split(separator: " ").reduce(into: []) { lines, word in
            if let last = lines.last, last.count + 1 + word.count < 80 {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(indent + word)
            }
        }
    }
}

extension ConfigurationKey {
    /// The part of the program that a key is for.
    enum Section: String, CaseIterable {
        case process = "Process"
        case kafka = "Kafka"
        case postgres = "PostgreSQL"
        case http = "HTTP"
        case signIn = "Sign-in"
        case webhooks = "Webhooks"

        /// Its keys, in the order of declaration.
        var keys: [ConfigurationKey] { ConfigurationKey.all.filter { $0.section == self } }
    }

    /// The part of the program that the key is for.
    var section: Section {
        switch self.components.first {
        case "kafka": .kafka
        case "postgres", "projection": .postgres
        case "http": .http
        case "auth": .signIn
        case "webhook": .webhooks
        default: .process
        }
    }
}
