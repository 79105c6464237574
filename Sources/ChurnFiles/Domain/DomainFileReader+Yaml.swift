import ChurnCore
import Yams

extension DomainFileReader {
    /// Parses the text; faults and nil where it is no YAML document of a form that is safe to walk.
    func compose(_ text: String) -> Node? {
        guard text.utf8.count <= Domain.maximumFileBytes else {
            self.fault(
                line: 1, column: 1, "the file is larger than \(Domain.maximumFileBytes) bytes",
                "a domain file is a few pages")
            return nil
        }
        do {
            if let root = try YamlDocument.compose(text), !self.isNull(root) { return root }
            self.fault(line: 1, column: 1, "the file is empty", "start from the Telco domain in the documentation")
        } catch {
            self.fault(line: error.line, column: error.column, error.problem, error.advice)
        }
        return nil
    }

    /// The mapping's values by key; nil where the node is no mapping.
    ///
    /// Unknown keys are faults.
    func fields(of node: Node, in place: String, allowed: [String]) -> [String: Node]? {
        guard let mapping = node.mapping else {
            self.fault(at: node, "\(place) is not a mapping", "write `key: value` lines; keys are \(list(allowed))")
            return nil
        }
        var fields: [String: Node] = [:]
        for (key, value) in mapping {
            guard let name = key.scalar?.string, allowed.contains(name) else {
                let name = key.scalar?.string ?? "a list or mapping"
                let near = ClosestName.of(name, in: allowed).map { "did you mean `\($0)`?" }
                self.fault(
                    at: key, "unknown key `\(name)` in \(place)", near ?? "keys are \(list(allowed))")
                continue
            }
            fields[name] = value
        }
        return fields
    }

    /// The entries of a list; empty with a fault where the node is no list.
    func entries(of node: Node, in place: String) -> [Node] {
        guard let sequence = node.sequence else {
            self.fault(at: node, "\(place) is not a list", "write one entry a line, each after `- `")
            return []
        }
        return Array(sequence)
    }

    /// A scalar as text, whatever YAML would make of it: an unquoted No is the text `No`.
    func text(_ node: Node, _ what: String) -> String? {
        guard let scalar = node.scalar, !self.isNull(node), !scalar.string.isEmpty else {
            self.fault(at: node, "\(what) is not a text", "write one non-empty text")
            return nil
        }
        guard !scalar.string.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            self.fault(at: node, "\(what) contains a control character", "a store cannot keep or show it; take it out")
            return nil
        }
        return scalar.string
    }

    /// A finite number, written without quotes.
    func number(_ node: Node, _ what: String) -> Double? {
        guard let number = self.plainNumber(node) else {
            self.fault(at: node, "\(what) is not a number", "write a finite decimal number without quotes")
            return nil
        }
        return number
    }

    /// A yes or no, written without quotes.
    func flag(_ node: Node, _ what: String) -> Bool? {
        if let scalar = node.scalar, scalar.style == .plain {
            switch scalar.string.lowercased() {
            case "true", "yes": return true
            case "false", "no": return false
            default: break
            }
        }
        self.fault(at: node, "\(what) is not a yes or no", "write true or false without quotes")
        return nil
    }

    /// A finite decimal number in an unquoted scalar; nil, without a fault, for anything else.
    func plainNumber(_ node: Node) -> Double? {
        guard let scalar = node.scalar, scalar.style == .plain, let number = Double(scalar.string), number.isFinite
        else { return nil }
        return number
    }

    /// Returns whether the node is YAML's null.
    func isNull(_ node: Node) -> Bool {
        guard let scalar = node.scalar, scalar.style == .plain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    /// Names in back quotes, for messages.
    func list(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: ", ") }
}
