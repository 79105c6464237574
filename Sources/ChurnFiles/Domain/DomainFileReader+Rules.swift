import ChurnCore
import Yams

extension DomainFileReader {
    /// Returns the rules of events.
    func eventRules(_ node: Node, schema: FeatureSchema) -> [EventRule] {
        var lines: [String: Int] = [:]
        return self.entries(of: node, in: "`events`").compactMap { entry in
            let keys = ["type", "weight", "details", "when", "set", "add", "churned"]
            guard let fields = self.fields(of: entry, in: "an event", allowed: keys) else { return nil }
            guard let typeNode = fields["type"] else {
                self.fault(at: entry, "an event has no `type`", "add it")
                return nil
            }
            guard let type = self.text(typeNode, "an event's type") else { return nil }
            self.checkFirst(type, "event", at: typeNode, lines: &lines)
            let hasChurned = fields["churned"].flatMap { self.flag($0, "`churned` of \(type)") }
            // Customers whose end the simulator made up would judge the models.
            let weight = fields["weight"].flatMap { self.weight($0, of: type) } ?? (hasChurned == nil ? 1 : 0)
            let details = fields["details"].flatMap { self.text($0, "the details of \(type)") } ?? type
            let effect = self.effect(fields, of: "the event \(type)", schema: schema)
            return EventRule(
                type: EventType(rawValue: type), weight: weight, details: details, effect: effect,
                hasChurned: hasChurned)
        }
    }

    /// Returns the actions of staff.
    func staffActions(_ node: Node, schema: FeatureSchema) -> [StaffAction] {
        var lines: [String: Int] = [:]
        return self.entries(of: node, in: "`actions`").compactMap { entry in
            let keys = ["id", "title", "label", "when", "set", "add", "cost", "months"]
            guard let fields = self.fields(of: entry, in: "an action", allowed: keys) else { return nil }
            guard let idNode = fields["id"] else {
                self.fault(at: entry, "an action has no `id`", "add it")
                return nil
            }
            guard let id = self.text(idNode, "an action's id") else { return nil }
            self.checkFirst(id, "action", at: idNode, lines: &lines)
            if fields["set"] == nil, fields["add"] == nil {
                self.fault(
                    at: idNode, "the action \(id) changes nothing", "say what it would bring with `set` or `add`")
            }
            let title = fields["title"].flatMap { self.text($0, "the title of \(id)") } ?? id
            let label = fields["label"].flatMap { self.text($0, "the label of \(id)") }
            var action = StaffAction(
                id: id, title: title, effect: self.effect(fields, of: "the action \(id)", schema: schema), label: label)
            self.checkLimits(action.effect, of: id, at: idNode, schema: schema)
            action.cost = self.positive(fields["cost"], "cost", of: id, isZeroPossible: true) ?? action.cost
            action.months = self.positive(fields["months"], "months", of: id, isZeroPossible: false) ?? action.months
            return action
        }
    }

    private func checkFirst(_ name: String, _ kind: String, at node: Node, lines: inout [String: Int]) {
        if let line = lines[name] {
            self.fault(at: node, "the \(kind) \(name) is already there in line \(line)", "keep one of them")
        } else {
            lines[name] = node.mark?.line
        }
    }

    private func weight(_ node: Node, of type: String) -> Double? {
        guard let weight = self.number(node, "the weight of \(type)") else { return nil }
        if weight < 0 {
            self.fault(at: node, "the weight of \(type) is negative", "give 0 for an event that is never simulated")
        }
        return weight
    }

    private func effect(_ fields: [String: Node], of owner: String, schema: FeatureSchema) -> EventEffect {
        let conditions = fields["when"].map { self.conditions($0, of: owner, schema: schema) } ?? []
        let sets = fields["set"].map { self.sets($0, of: owner, schema: schema) } ?? []
        let adds = fields["add"].map { self.adds($0, of: owner, schema: schema, after: sets) } ?? []
        return EventEffect(conditions: conditions, steps: sets + adds)
    }

    /// The pairs of a mapping whose keys are features.
    private func byFeature(_ node: Node, in place: String, schema: FeatureSchema) -> [(feature: Int, value: Node)] {
        guard let mapping = node.mapping else {
            self.fault(at: node, "\(place) is not a mapping", "write {Feature: ...}")
            return []
        }
        if mapping.isEmpty { self.fault(at: node, "\(place) is empty", "leave it out") }
        var seen: Set<Int> = []
        return mapping.compactMap { key, value in
            guard let name = self.text(key, "a feature's name in \(place)"),
                let index = self.feature(named: name, at: key, in: schema)
            else { return nil }
            if !seen.insert(index).inserted {
                self.fault(at: key, "\(place) names \(name) twice", "names differ by more than case; keep one of them")
            }
            return (index, value)
        }
    }

    private func sets(_ node: Node, of owner: String, schema: FeatureSchema) -> [FeatureStep] {
        self.byFeature(node, in: "`set` of \(owner)", schema: schema).compactMap { index, node in
            self.value(node, for: schema.features[index])
                .map { FeatureStep(feature: index, operation: .set($0)) }
        }
    }

    private func adds(
        _ node: Node, of owner: String, schema: FeatureSchema, after sets: [FeatureStep]
    ) -> [FeatureStep] {
        self.byFeature(node, in: "`add` of \(owner)", schema: schema).compactMap { index, node in
            let feature = schema.features[index]
            guard feature.type == .numeric else {
                self.fault(
                    at: node, "\(owner) adds to \(feature.name), which is \(feature.type.rawValue)",
                    "`add` needs a numeric feature; use `set`")
                return nil
            }
            if sets.contains(where: { $0.feature == index }) {
                self.fault(at: node, "\(owner) both sets and adds to \(feature.name)", "do one of them")
            }
            if let amount = self.plainNumber(node) {
                return FeatureStep(feature: index, operation: .add(amount))
            }
            guard let name = self.text(node, "what \(owner) adds to \(feature.name)"),
                let other = self.feature(named: name, at: node, in: schema)
            else { return nil }
            guard schema.features[other].type == .numeric else {
                self.fault(
                    at: node, "\(owner) adds \(name), which is \(schema.features[other].type.rawValue)",
                    "add a number or a numeric feature")
                return nil
            }
            return FeatureStep(feature: index, operation: .addFeature(other))
        }
    }

    private func conditions(_ node: Node, of owner: String, schema: FeatureSchema) -> [FeatureCondition] {
        self.byFeature(node, in: "`when` of \(owner)", schema: schema).flatMap { index, node in
            let feature = schema.features[index]
            let place = "the condition on \(feature.name)"
            guard self.fields(of: node, in: place, allowed: ["is", "is_not", "contains", "lacks"]) != nil,
                let tests = node.mapping
            else { return [FeatureCondition]() }
            if tests.isEmpty { self.fault(at: node, "\(place) is empty", "write e.g. {is: ...}") }
            return tests.compactMap { key, value in
                self.test(key.scalar?.string, value, of: feature).map { FeatureCondition(feature: index, test: $0) }
            }
        }
    }

    private func test(_ name: String?, _ node: Node, of feature: Feature) -> FeatureCondition.Test? {
        switch name {
        case "is": self.value(node, for: feature).map { .equals($0) }
        case "is_not": self.value(node, for: feature).map { .differs($0) }
        case "contains": self.part(node, of: feature).map { .contains($0) }
        case "lacks": self.part(node, of: feature).map { .lacks($0) }
        default: nil
        }
    }

    /// A part of a categorical feature's text.
    private func part(_ node: Node, of feature: Feature) -> String? {
        guard feature.type == .categorical else {
            self.fault(
                at: node, "`contains` and `lacks` look into text, and \(feature.name) is \(feature.type.rawValue)",
                "use `is` or `is_not`")
            return nil
        }
        guard let part = self.text(node, "the text looked for in \(feature.name)") else { return nil }
        if !feature.categories.isEmpty, !feature.categories.contains(where: { $0.contains(part) }) {
            self.fault(
                at: node, "no category of \(feature.name) contains `\(part)`",
                "categories are \(list(feature.categories))")
        }
        return part
    }

    /// A value of the feature's type.
    private func value(_ node: Node, for feature: Feature) -> FeatureValue? {
        switch feature.type {
        case .numeric:
            return self.number(node, "the value of \(feature.name)").map { .number($0) }
        case .boolean:
            return self.flag(node, "the value of \(feature.name)").map { .boolean($0) }
        case .categorical:
            guard let text = self.text(node, "the value of \(feature.name)") else { return nil }
            if !feature.categories.isEmpty, !feature.categories.contains(text) {
                let near = ClosestName.of(text, in: feature.categories).map { "did you mean `\($0)`?" }
                self.fault(
                    at: node, "`\(text)` is no category of \(feature.name)",
                    near ?? "categories are \(list(feature.categories))")
            }
            return .text(text)
        }
    }
}
