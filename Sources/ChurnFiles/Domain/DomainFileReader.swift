import ChurnCore
import Yams

/// Turns the text of a domain file into a domain, and collects every fault on the way.
///
/// Reading goes on after a fault with what is left, so that a person sees all faults of a file in one run. Faults that
/// merely follow from another one are not reported.
final class DomainFileReader {
    private(set) var faults: [DomainFault] = []

    /// The faults in the order of their places in the file.
    var sortedFaults: [DomainFault] { self.faults.sorted { ($0.line, $0.column) < ($1.line, $1.column) } }

    /// Reads the text; nil where it is so wrong that no domain can be made of it.
    ///
    /// The domain is valid only if `faults` is empty afterwards.
    func read(_ text: String) -> Domain? {
        guard let root = self.compose(text) else { return nil }
        guard
            let fields = self.fields(
                of: root, in: "the domain file",
                allowed: [
                    "name", "id", "label", "segment", "value", "tenure", "features", "events", "actions", "bands",
                    "updates", "alerts", "ignore", "training", "linked", "currency",
                ])
        else { return nil }
        for section in ["name", "id", "label", "segment", "features"] where fields[section] == nil {
            self.fault(at: root, "the section `\(section)` is missing", "add it; every domain needs one")
        }

        let name = fields["name"].flatMap { self.text($0, "name") }
        let id = fields["id"].flatMap { self.identifier($0) }
        guard let listed = fields["features"].flatMap({ self.features($0, id: id) }) else {
            // Without features nothing else that is said about them can be judged.
            return nil
        }
        let schema = FeatureSchema(features: listed.map(\.feature))
        let label = fields["label"].flatMap { self.label($0, id: id?.name, schema: schema) }
        let ignored = fields["ignore"].map { self.ignored($0, id: id?.name, label: label, schema: schema) } ?? []
        let segment = fields["segment"].flatMap { self.role($0, "segment", of: .categorical, in: schema) }
        let value = fields["value"].flatMap { self.role($0, "value", of: .numeric, in: schema) }
        let tenure = fields["tenure"].flatMap { self.role($0, "tenure", of: .numeric, in: schema) }
        let rules = fields["events"].map { self.eventRules($0, schema: schema) } ?? []
        let actions = fields["actions"].map { self.staffActions($0, schema: schema) } ?? []
        let bands = fields["bands"].flatMap { self.bands($0) } ?? RiskBands()

        let updates = fields["updates"].map { self.updateFields($0, schema: schema) } ?? []
        let alerts = fields["alerts"].map { self.alertPolicy($0, bands: bands) } ?? AlertPolicy(threshold: bands.high)

        let training = fields["training"].map { self.training($0, schema: schema) } ?? TrainingSettings()

        let links = fields["linked"].map { self.links($0, schema: schema) } ?? []
        let currency = fields["currency"].map { self.currency($0) } ?? Domain.Currency()

        guard let name, let id, let label, let segment else { return nil }
        var domain = Domain(
            name: name, idName: id.name, label: label, schema: schema, segmentFeature: segment, valueFeature: value,
            tenureFeature: tenure, rules: rules, actions: actions, bands: bands, updateFields: updates, alerts: alerts,
            idColumn: id.column, numbersRows: id.isRowNumber, ignoredColumns: ignored, training: training)
        (domain.links, domain.currency) = (links, currency)
        return domain
    }

    /// Records a fault at a node.
    func fault(at node: Node, _ problem: String, _ advice: String) {
        self.fault(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1, problem, advice)
    }

    /// Records a fault at a place.
    func fault(line: Int, column: Int, _ problem: String, _ advice: String) {
        self.faults.append(DomainFault(line: line, column: column, problem: problem, advice: advice))
    }

    private func label(_ node: Node, id: String?, schema: FeatureSchema) -> LabelColumn? {
        guard let fields = self.fields(of: node, in: "label", allowed: ["column", "positive", "negative"]) else {
            return nil
        }
        for key in ["column", "positive", "negative"] where fields[key] == nil {
            self.fault(
                at: node, "label has no `\(key)`", "add it, e.g. {column: Churn, positive: \"Yes\", negative: \"No\"}")
        }
        let column = fields["column"].flatMap { self.text($0, "label.column") }
        let positive = fields["positive"].flatMap { self.text($0, "label.positive") }
        let negatives = self.negatives(fields["negative"])
        guard let column, let positive, let negative = negatives.first else { return nil }
        if negatives.contains(positive) {
            self.fault(
                at: fields["negative"] ?? node, "label.positive and label.negative are the same",
                "name the value that means left and the one that means stayed")
        }
        if schema.index(of: column) != nil || column.lowercased() == id?.lowercased() {
            self.fault(
                at: fields["column"] ?? node, "the label column `\(column)` is the customer id or a feature too",
                "a model that sees its answer learns nothing; take it out of `features`")
        }
        return LabelColumn(
            name: column, positive: positive, negative: negative, otherNegatives: Array(negatives.dropFirst()))
    }

    /// The values that mean "stayed": one, or a list.
    private func negatives(_ node: Node?) -> [String] {
        guard let node else { return [] }
        guard node.sequence != nil else { return self.text(node, "label.negative").map { [$0] } ?? [] }
        let values = self.entries(of: node, in: "label.negative").compactMap { self.text($0, "label.negative") }
        if values.isEmpty { self.fault(at: node, "label.negative lists no value", "name the values that mean stayed") }
        return values
    }

    /// The feature that plays a role (segment, value or tenure), which must have a type.
    private func role(_ node: Node, _ role: String, of type: FeatureType, in schema: FeatureSchema) -> Int? {
        guard let name = self.text(node, role), let index = self.feature(named: name, at: node, in: schema) else {
            return nil
        }
        if schema.features[index].type != type {
            self.fault(
                at: node, "`\(role)` names \(name), which is \(schema.features[index].type.rawValue)",
                "name a feature of type \(type.rawValue)")
        }
        return index
    }

    private func bands(_ node: Node) -> RiskBands? {
        guard let fields = self.fields(of: node, in: "bands", allowed: ["critical", "high", "medium"]) else {
            return nil
        }
        var bands = RiskBands()
        for (key, path) in [("critical", \RiskBands.critical), ("high", \.high), ("medium", \.medium)] {
            guard let field = fields[key], let bound = self.number(field, "bands.\(key)") else { continue }
            bands[keyPath: path] = bound
            if !(0...1).contains(bound) {
                self.fault(at: field, "bands.\(key) is outside 0...1", "give a probability")
            }
        }
        if !(bands.critical > bands.high && bands.high > bands.medium) {
            self.fault(
                at: node,
                "the bands do not descend: critical \(bands.critical), high \(bands.high), medium \(bands.medium)",
                "make critical > high > medium")
        }
        return bands
    }
}
