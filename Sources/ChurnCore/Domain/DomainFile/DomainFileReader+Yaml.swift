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
        guard self.hasNoAliases(text) else { return nil }
        do {
            if let root = try Yams.compose(yaml: text), !self.isNull(root) { return root }
            self.fault(line: 1, column: 1, "the file is empty", "start from the Telco domain in the documentation")
        } catch let error as YamlError {
            self.report(error, in: text)
        } catch {
            self.fault(line: 1, column: 1, "the file cannot be parsed", "check that it is YAML")
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

    /// A finite decimal number in an unquoted scalar; nil, without a fault, for anything else.
    func plainNumber(_ node: Node) -> Double? {
        guard let scalar = node.scalar, scalar.style == .plain, let number = Double(scalar.string), number.isFinite
        else { return nil }
        return number
    }

    /// Whether the node is YAML's null.
    func isNull(_ node: Node) -> Bool {
        guard let scalar = node.scalar, scalar.style == .plain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    /// Refuses aliases, with which a few lines can stand for billions of nodes, before the parser expands them.
    ///
    /// Quotes are not understood here, but text that looks like an anchor and text that looks like an alias, each where
    /// a value begins, do not occur in one domain file by chance.
    private func hasNoAliases(_ text: String) -> Bool {
        var line = 1
        var hasAnchor = false
        var alias: Int?
        var beforeNode = true
        var inComment = false
        var previous = UInt8(ascii: "\n")
        for byte in text.utf8 {
            defer { previous = byte }
            if byte == UInt8(ascii: "\n") {
                (line, beforeNode, inComment) = (line + 1, true, false)
                continue
            }
            if inComment { continue }
            switch byte {
            case UInt8(ascii: "#") where previous <= UInt8(ascii: " "): inComment = true
            case UInt8(ascii: "&") where beforeNode: hasAnchor = true
            case UInt8(ascii: "*") where beforeNode: alias = alias ?? line
            case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "{"): beforeNode = true
            case UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: " "), UInt8(ascii: "\t"): break
            default: beforeNode = false
            }
        }
        guard hasAnchor, let alias else { return true }
        self.fault(
            line: alias, column: 1, "aliases (`&name`, `*name`) are not supported",
            "write the value out, or quote a text that begins with & or *")
        return false
    }

    private func report(_ error: YamlError, in text: String) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.fault(
                line: mark.line, column: mark.column, "not YAML: \(problem)",
                "check indentation, brackets and quotes at this line and the one before")
        case .duplicatedKeysInMapping(let keys, let context):
            self.fault(
                line: context.mark.line, column: context.mark.column,
                "the key \(list(keys)) occurs more than once", "keep one of them")
        case .reader(let problem, let offset, _, _):
            let before = text.prefix(offset ?? 0)
            self.fault(
                line: before.count { $0.isNewline } + 1, column: 1, "not YAML: \(problem)",
                "take the character out, or write it as an escape in double quotes")
        default:
            self.fault(line: 1, column: 1, "the file cannot be parsed", "check that it is YAML")
        }
    }

    /// Names in back quotes, for messages.
    func list(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: ", ") }
}
