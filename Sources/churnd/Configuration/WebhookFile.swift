import ChurnCore
import ChurnFiles
import ChurnNotify
import Foundation
import Yams

/// A file in YAML that names webhooks, each with its own address, secret and format.
///
///     webhooks:
///       crm:
///         url: https://crm.example.com/hooks/churn
///         secret: at-least-16-random-bytes
///       chat:
///         url: https://hooks.slack.com/services/...
///         format: slack
///
/// Strict, like the configuration: every fault is reported with its line, and no value is.
struct WebhookFile {
    private static let maximumWebhooks = 20
    private static let formats: [String: Webhook.Kind] = ["churn": .generic, "slack": .slack]

    /// The webhooks, by name.
    private(set) var webhooks: [Webhook] = []
    private var faults: [ConfigurationFault] = []
    private let path: String

    /// Reads the file at a path.
    ///
    /// - Throws: ``ConfigurationError`` with all faults.
    init(path: String) throws {
        self.path = path
        self.read(try ConfigurationText.read(path))
        guard self.faults.isEmpty else { throw ConfigurationError(faults: self.faults) }
    }

    private mutating func read(_ text: String) {
        do {
            let root = try YamlDocument.compose(text)
            guard let top = root?.mapping, top.count == 1, let list = top["webhooks"]?.mapping, !list.isEmpty else {
                return self.fault(
                    root?.mark?.line, "the file is not a section `webhooks` with at least one webhook",
                    "see Docs/cases.md for an example")
            }
            guard list.count <= Self.maximumWebhooks else {
                return self.fault(
                    root?.mark?.line, "there are more than \(Self.maximumWebhooks) webhooks", "name fewer")
            }
            for (key, value) in list { self.add(key, value) }
        } catch {
            self.fault(error.line, error.problem, error.advice)
        }
    }

    private mutating func add(_ key: Node, _ value: Node) {
        let line = key.mark?.line
        guard let name = key.scalar?.string, Self.isName(name) else {
            return self.fault(
                line, "a webhook's name is not of 1 to 40 small letters, digits and hyphens", "give it another")
        }
        guard let fields = value.mapping else {
            return self.fault(line, "`\(name)` is not a section", "write url, secret and format below it")
        }
        var texts: [String: String] = [:]
        for (field, node) in fields {
            guard let key = field.scalar?.string, ["url", "secret", "format"].contains(key) else {
                self.fault(field.mark?.line, "`\(name)` has an unknown field", "it takes url, secret and format")
                continue
            }
            guard let text = node.scalar?.string, !text.isEmpty else {
                self.fault(field.mark?.line, "`\(name).\(key)` is not a text", "write one value after the colon")
                continue
            }
            texts[key] = text
        }
        guard let kind = Self.formats[texts["format"] ?? "churn"] else {
            return self.fault(line, "the format of `\(name)` is not known", "it is churn or slack")
        }
        guard let url = texts["url"] else { return self.fault(line, "`\(name)` has no url", "give it one") }
        do {
            self.webhooks.append(
                try Webhook(name: name, kind: kind, url: Secret(url), secret: texts["secret"].map { Secret($0) }))
        } catch {
            self.fault(line, "`\(name)` cannot be used", (error as? ChurnError)?.advice ?? "check it")
        }
    }

    private static func isName(_ text: String) -> Bool {
        (1...40).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                case UInt8(ascii: "-"): true
                default: false
                }
            }
    }

    private mutating func fault(_ line: Int?, _ problem: String, _ advice: String) {
        let source = line.map { "\(self.path):\($0)" } ?? self.path
        self.faults.append(ConfigurationFault(source: source, problem: problem, advice: advice))
    }
}
