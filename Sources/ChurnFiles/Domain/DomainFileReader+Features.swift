import ChurnCore
import Yams

extension DomainFileReader {
    /// PostgreSQL takes 1,600 columns a table; `users` has some of our own.

    /// A feature and where the file describes it.
    struct ListedFeature {
        var feature: Feature
        var node: Node
    }

    /// The features; nil where there is not one that can be used.
    func features(_ node: Node, id: Identifier?) -> [ListedFeature]? {
        let entries = self.entries(of: node, in: "`features`")
        if node.sequence != nil, entries.isEmpty {
            self.fault(at: node, "there are no features", "list at least the segment and the value")
        }
        if let (problem, advice) = TableLimits.fault(count: entries.count) {
            self.fault(at: node, problem, advice)
            return nil
        }
        let listed = entries.compactMap { self.feature($0) }
        self.checkUnique(listed, id: id)
        if let (problem, advice) = TableLimits.fault(listed.map(\.feature)) { self.fault(at: node, problem, advice) }
        return listed.isEmpty ? nil : listed
    }

    /// The index of the feature of this name; a fault with a suggestion where there is none.
    func feature(named name: String, at node: Node, in schema: FeatureSchema) -> Int? {
        if let index = schema.index(of: name) { return index }
        let near = ClosestName.of(name, in: schema.features.map(\.name)).map { "did you mean `\($0)`?" }
        self.fault(at: node, "there is no feature `\(name)`", near ?? "name one of `features`")
        return nil
    }

    /// Checks that a name can be a column of `users`.
    func checkColumn(_ column: String, at node: Node, of owner: String, remedy: String) {
        if column.utf8.count > Domain.maximumColumnBytes {
            self.fault(
                at: node, "the column `\(column)` of \(owner) is longer than \(Domain.maximumColumnBytes) bytes",
                "\(remedy), shorter")
        } else if !Domain.isPlainColumn(column) {
            self.fault(
                at: node, "the column `\(column)` of \(owner) is not a plain name",
                "\(remedy); use a to z, digits and _, not a digit first")
        } else if Domain.reservedColumns.contains(column) || column.hasPrefix(Domain.reservedPrefix) {
            self.fault(at: node, "the column `\(column)` of \(owner) is one of the system's own", remedy)
        }
    }

    private func feature(_ node: Node) -> ListedFeature? {
        let keys = [
            "name", "label", "type", "encoding", "column", "categories", "minimum", "maximum", "immutable",
        ]
        guard let fields = self.fields(of: node, in: "a feature", allowed: keys) else { return nil }
        guard let nameNode = fields["name"] else {
            self.fault(at: node, "a feature has no `name`", "add it")
            return nil
        }
        guard let name = self.text(nameNode, "a feature's name") else { return nil }
        guard let typeNode = fields["type"] else {
            self.fault(at: node, "the feature \(name) has no `type`", "add it: numeric, categorical or boolean")
            return nil
        }
        guard let type = self.choice(typeNode, FeatureType.self, "the type of \(name)") else { return nil }
        let categories = self.categories(fields["categories"], of: name, type: type)
        let encoding = self.encoding(fields["encoding"], of: name, type: type, hasCategories: !categories.isEmpty)
        let column = fields["column"].map { self.text($0, "the column of \(name)") } ?? name.lowercased()
        guard let column else { return nil }
        self.checkColumn(
            column, at: fields["column"] ?? nameNode, of: "the feature \(name)", remedy: "give it another `column`")
        let label = fields["label"].flatMap { self.text($0, "the label of \(name)") }
        var feature = Feature(
            name: name, column: column, type: type, encoding: encoding, categories: categories, label: label)
        self.limits(fields, of: &feature)
        return ListedFeature(feature: feature, node: nameNode)
    }

    private func encoding(_ node: Node?, of name: String, type: FeatureType, hasCategories: Bool) -> FeatureEncoding {
        let defaultValue: FeatureEncoding = type == .categorical ? .oneHot : .numeric
        guard let node, let encoding = self.choice(node, FeatureEncoding.self, "the encoding of \(name)") else {
            return defaultValue
        }
        if (type == .categorical) == (encoding == .numeric) {
            self.fault(
                at: node, "the \(type.rawValue) feature \(name) cannot have the encoding \(encoding.rawValue)",
                type == .categorical ? "use one-hot or ordinal" : "leave `encoding` out")
            return defaultValue
        }
        if encoding == .ordinal, !hasCategories {
            self.fault(
                at: node, "the ordinal feature \(name) lists no categories",
                "list `categories` in their order, or use one-hot")
        }
        return encoding
    }

    private func categories(_ node: Node?, of name: String, type: FeatureType) -> [String] {
        guard let node else { return [] }
        guard type == .categorical else {
            self.fault(at: node, "the \(type.rawValue) feature \(name) has categories", "leave `categories` out")
            return []
        }
        let entries = self.entries(of: node, in: "`categories` of \(name)")
        if node.sequence != nil, entries.isEmpty {
            self.fault(at: node, "`categories` of \(name) is empty", "list them, or leave the key out to learn them")
        }
        var categories: [String] = []
        for entry in entries {
            guard let category = self.text(entry, "a category of \(name)") else { continue }
            if categories.contains(category) {
                self.fault(at: entry, "the category `\(category)` of \(name) is listed twice", "keep one of them")
            } else {
                categories.append(category)
            }
        }
        return categories
    }

    private func checkUnique(_ listed: [ListedFeature], id: Identifier?) {
        var lines: [String: Int] = [:]
        var columns: [String: String] = [:]
        for (feature, node) in listed.map({ ($0.feature, $0.node) }) {
            let key = feature.name.lowercased()
            if key == id?.name.lowercased() {
                self.fault(at: node, "the feature \(feature.name) is the customer id", "take it out of `features`")
            } else if let line = lines[key] {
                self.fault(
                    at: node, "the feature \(feature.name) is already there in line \(line)",
                    "names differ by more than case; keep one of them")
            } else if feature.column == id?.column {
                self.fault(
                    at: node, "the column `\(feature.column)` of \(feature.name) is the customer id's",
                    "give it another `column`")
            } else if let other = columns[feature.column] {
                self.fault(
                    at: node, "the features \(other) and \(feature.name) share the column `\(feature.column)`",
                    "give one of them another `column`")
            }
            lines[key] = lines[key] ?? node.mark?.line
            columns[feature.column] = columns[feature.column] ?? feature.name
        }
    }

    /// One of a few names; a fault with a suggestion where it is another.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ node: Node, _: Choice.Type, _ what: String
    ) -> Choice? where Choice.RawValue == String {
        guard let name = self.text(node, what) else { return nil }
        if let choice = Choice(rawValue: name) { return choice }
        let names = Choice.allCases.map(\.rawValue)
        let near = ClosestName.of(name, in: names).map { "did you mean `\($0)`?" }
        self.fault(at: node, "\(what) is `\(name)`", near ?? "use one of \(list(names))")
        return nil
    }
}
