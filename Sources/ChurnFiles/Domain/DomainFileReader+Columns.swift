import ChurnCore
import Yams

extension DomainFileReader {
    /// The content of `id`: the name in files, the column in `users`, and whether rows are numbered instead.
    struct Identifier {
        var name: String
        var column: String
        var isRowNumber = false
    }

    /// `id: Name`, `id: {column: Name, as: column_in_users}` or `id: {row_number: column_in_users}`.
    func identifier(_ node: Node) -> Identifier? {
        guard node.mapping != nil else {
            guard let name = self.text(node, "id") else { return nil }
            self.checkColumn(
                name.lowercased(), at: node, of: "the customer id", remedy: "write id: {column: ..., as: plain_name}")
            return Identifier(name: name, column: name.lowercased())
        }
        guard let fields = self.fields(of: node, in: "id", allowed: ["column", "as", "row_number"]) else { return nil }
        if let number = fields["row_number"] {
            if fields.count > 1 {
                self.fault(at: node, "id has both row_number and another key", "rows are numbered or have an id")
            }
            guard let name = self.text(number, "id.row_number") else { return nil }
            self.checkColumn(name, at: number, of: "the row number", remedy: "rename it")
            return Identifier(name: name, column: name, isRowNumber: true)
        }
        guard let columnNode = fields["column"] else {
            self.fault(at: node, "id has no `column`", "write id: {column: ..., as: ...} or id: {row_number: ...}")
            return nil
        }
        guard let name = self.text(columnNode, "id.column") else { return nil }
        let column = fields["as"].map { self.text($0, "id.as") } ?? name.lowercased()
        guard let column else { return nil }
        self.checkColumn(
            column, at: fields["as"] ?? columnNode, of: "the customer id", remedy: "name it with `as`")
        return Identifier(name: name, column: column)
    }

    /// Columns that files may have and no one reads.
    func ignored(_ node: Node, id: String?, label: LabelColumn?, schema: FeatureSchema) -> [String] {
        var names: [String] = []
        for entry in self.entries(of: node, in: "`ignore`") {
            guard let name = self.text(entry, "a column of `ignore`") else { continue }
            let key = name.lowercased()
            if schema.index(of: name) != nil || key == id?.lowercased() || key == label?.name.lowercased() {
                self.fault(
                    at: entry, "`ignore` names \(name), which is the id, the label or a feature", "do one of them")
            }
            names.append(name)
        }
        return names
    }
}
