@testable import ChurnServe

/// The types of the server's answers in TypeScript, as its OpenAPI document describes them.
struct TypeScriptTypes {
    let document: JSONValue

    var text: String {
        guard case .object(let schemas)? = self.document["components"]?["schemas"],
            case .object(let paths)? = self.document["paths"]
        else { return "" }
        let types = schemas.keys.sorted().map { "export type \($0) = \(self.type(of: schemas[$0] ?? .null));\n" }
        let answers = paths.values.flatMap { item in item.names.sorted().compactMap { self.answer(item[$0]) } }
        return """
            // The types of the server's answers for the Telco domain, written by a test from /openapi.json:
            // CHURN_TEST_WRITE_DOCS=1 swift test --filter OpenAPITests

            \(types.joined(separator: "\n"))
            /** The answer of each operation. */
            export interface Answers {
            \(answers.sorted().joined(separator: "\n"))
            }

            """
    }

    private func answer(_ operation: JSONValue?) -> String? {
        guard let id = operation?["operationId"]?.text, let answers = operation?["responses"],
            let schema = answers["200"]?["content"]?["application/json"]?["schema"]
        else { return nil }
        return "    \(id): \(self.type(of: schema, indent: "    "));"
    }

    private func type(of schema: JSONValue, indent: String = "") -> String {
        if let reference = schema["$ref"]?.text { return String(reference.split(separator: "/").last ?? "") }
        if let text = schema["const"]?.text { return #""\#(text)""# }
        if let cases = schema["enum"]?.list {
            return cases.map { $0.text.map { #""\#($0)""# } ?? "null" }.joined(separator: " | ")
        }
        for name in ["anyOf", "oneOf"] {
            guard let list = schema[name]?.list, !list.isEmpty else { continue }
            return list.map { self.type(of: $0, indent: indent) }.joined(separator: " | ")
        }
        let names = schema["type"]?.text.map { [$0] } ?? (schema["type"]?.list ?? []).compactMap(\.text)
        guard !names.isEmpty else { return "unknown" }
        return names.map { self.type(named: $0, schema, indent) }.joined(separator: " | ")
    }

    private func type(named name: String, _ schema: JSONValue, _ indent: String) -> String {
        switch name {
        case "integer", "number": return "number"
        case "array":
            let item = self.type(of: schema["items"] ?? .null, indent: indent)
            return item.contains(" | ") ? "(\(item))[]" : "\(item)[]"
        case "object":
            if let others = schema["additionalProperties"], others != .flag(false) {
                return "Record<string, \(self.type(of: others, indent: indent))>"
            }
            guard case .object(let properties)? = schema["properties"] else { return "Record<string, unknown>" }
            let required = Set((schema["required"]?.list ?? []).compactMap(\.text))
            let lines = properties.keys.sorted().map { name in
                let type = self.type(of: properties[name] ?? .null, indent: indent + "    ")
                return "\(indent)    \(name)\(required.contains(name) ? "" : "?"): \(type);\n"
            }
            return "{\n\(lines.joined())\(indent)}"
        default: return name
        }
    }
}
