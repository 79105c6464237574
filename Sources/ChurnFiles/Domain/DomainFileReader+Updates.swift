import ChurnCore
import Yams

extension DomainFileReader {
    /// The payload fields that show features, in the order of the file.
    func updateFields(_ node: Node, schema: FeatureSchema) -> [UpdateField] {
        guard let mapping = node.mapping else {
            self.fault(at: node, "`updates` is not a mapping", "write `payload_field: Feature` lines")
            return []
        }
        return mapping.compactMap { key, value in
            guard let name = self.text(key, "a field of `updates`") else { return nil }
            guard Domain.isPlainColumn(name), !UpdateFrameEncoder.ownFields.contains(name),
                !UpdateFrameEncoder.eventFields.contains(name)
            else {
                self.fault(
                    at: key, "the update field `\(name)` is the system's own or not a plain name",
                    "use another name of a to z, digits and _")
                return nil
            }
            guard let text = self.text(value, "the feature of the update field \(name)"),
                let feature = self.feature(named: text, at: value, in: schema)
            else { return nil }
            return UpdateField(name: name, feature: feature)
        }
    }

    /// Returns the policy that decides which scores are alerts.
    func alertPolicy(_ node: Node, bands: RiskBands) -> AlertPolicy {
        var policy = AlertPolicy(threshold: bands.high)
        let keys = ["threshold", "enter", "exit", "cool_down_seconds"]
        guard let fields = self.fields(of: node, in: "alerts", allowed: keys) else { return policy }
        func probability(_ key: String) -> Double? {
            guard let field = fields[key], let value = self.number(field, "alerts.\(key)") else { return nil }
            if !(0...1).contains(value) {
                self.fault(at: field, "alerts.\(key) is outside 0...1", "give a probability")
            }
            return value
        }
        policy.threshold = probability("threshold") ?? policy.threshold
        policy.enter = probability("enter")
        policy.exit = probability("exit")
        if let exit = policy.exit, exit > policy.enter ?? policy.threshold {
            self.fault(
                at: fields["exit"] ?? node, "alerts.exit is above alerts.enter",
                "a customer must leave the alert below where it entered")
        }
        if let field = fields["cool_down_seconds"], let seconds = self.number(field, "alerts.cool_down_seconds") {
            if (0...31_536_000).contains(seconds) {
                policy.coolDown = .milliseconds(Int64(seconds * 1_000))
            } else {
                self.fault(at: field, "alerts.cool_down_seconds is outside 0...31536000", "give at most a year")
            }
        }
        return policy
    }
}
