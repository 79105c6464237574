import ChurnCore
package import Yams

/// Text that people write in YAML, parsed without what could blow it up.
package enum YamlDocument {
    /// The document's root; nil where the text holds none.
    ///
    /// Aliases are refused, whatever the file is.
    package static func compose(_ text: String) throws(YamlProblem) -> Node? {
        if let line = YamlAliases.firstLine(in: text) {
            throw YamlProblem(
                line: line, problem: "aliases (`&name`, `*name`) are not supported",
                advice: "write the value out, or quote a text that begins with & or *")
        }
        do {
            return try Yams.compose(yaml: text)
        } catch {
            throw YamlProblem(error, in: text)
        }
    }
}
